using System.Text;

namespace FinxSandbox.Tests.Wire;

/// <summary>What came over the wire for one request.</summary>
/// <param name="Head">The status line and the headers, read as Latin-1; empty where not all of them came.</param>
/// <param name="Body">The bytes behind them, as they came.</param>
internal sealed record RawAnswer(string Head, byte[] Body, RawEnd End)
{
    /// <summary>Null where no whole head came.</summary>
    public int? Status => Head is "" ? null : int.Parse(Head.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);

    public string Text => Encoding.Latin1.GetString(Body);

    public string? Header(string name) => Head.Split("\r\n").Skip(1)
        .FirstOrDefault(line => line.StartsWith($"{name}:", StringComparison.OrdinalIgnoreCase))?[(name.Length + 1)..].Trim();
}
