namespace FinxSandbox.Finx.Widget;

/// <summary>The look of the widget and the index page, light and dark, from phone width up.</summary>
internal static class WidgetStyle
{
    public const string Css = """
        :root { --ink: #16202c; --soft: #5b6775; --line: #d5dbe3; --paper: #fff; --ground: #f1f4f8; --accent: #0b62d6; --on-accent: #fff; --warn: #b3261e; --note: #fff4cf; }
        @media (prefers-color-scheme: dark) {
          :root { --ink: #e8edf3; --soft: #9fabb9; --line: #364250; --paper: #1b232d; --ground: #10161d; --accent: #6ea8ff; --on-accent: #0b1420; --warn: #ff8d84; --note: #3a3210; }
        }
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--ground); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; }
        .sandbox { margin: 0; padding: .5rem 1rem; background: var(--note); font-size: .875rem; text-align: center; }
        main { max-width: 30rem; margin: 0 auto; padding: 1.5rem; background: var(--paper); min-height: calc(100vh - 2.5rem); }
        @media (min-width: 34rem) { main { margin: 2rem auto; min-height: 0; border: 1px solid var(--line); border-radius: .75rem; } }
        .title { margin: 0; color: var(--soft); font-size: .875rem; }
        h1 { margin: .25rem 0 1.25rem; font-size: 1.375rem; line-height: 1.25; }
        h2 { margin: 1.75rem 0 .5rem; font-size: 1.125rem; }
        ul { padding-left: 1.25rem; }
        a { color: var(--accent); }
        code { font: .9375em ui-monospace, monospace; overflow-wrap: anywhere; }
        .option { display: flex; gap: .75rem; align-items: center; padding: .75rem; margin-bottom: .5rem; border: 1px solid var(--line); border-radius: .5rem; cursor: pointer; }
        .option:hover, .option:has(:checked) { border-color: var(--accent); }
        .option input { flex: none; width: 1.125rem; height: 1.125rem; accent-color: var(--accent); }
        small { display: block; color: var(--soft); overflow-wrap: anywhere; }
        .field { display: block; margin-bottom: 1rem; font-size: .875rem; color: var(--soft); }
        .field input { display: block; width: 100%; margin-top: .25rem; padding: .625rem .75rem; font: inherit; font-size: 1rem; color: var(--ink); background: var(--paper); border: 1px solid var(--line); border-radius: .5rem; }
        .hint { padding: .5rem .75rem; background: var(--ground); border-radius: .5rem; font-size: .875rem; }
        .complaint { color: var(--warn); font-weight: 600; }
        .buttons { display: flex; flex-wrap: wrap; gap: .5rem; margin-top: 1.5rem; }
        button { padding: .625rem 1rem; font: inherit; border: 1px solid var(--line); border-radius: .5rem; background: transparent; color: var(--ink); cursor: pointer; }
        button.main { flex: 1 0 100%; background: var(--accent); border-color: var(--accent); color: var(--on-accent); font-weight: 600; }
        button.quiet { flex: 1 0 auto; }
        :focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
        table { border-collapse: collapse; width: 100%; }
        td, th { padding: .25rem .5rem .25rem 0; text-align: left; vertical-align: top; }
        """;
}
