namespace FinxSandbox.Finx;

/// <summary>finX's clock: the sandbox's, and wrong by <see cref="SandboxOptions.ClockSkew"/>.</summary>
internal sealed class FinxClock(LiveOptions options, SandboxClock clock) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => clock.GetUtcNow() + options.Current.ClockSkew;
}
