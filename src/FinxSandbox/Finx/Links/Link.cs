using FinxSandbox.Finx.Data;

namespace FinxSandbox.Finx.Links;

/// <summary>A widget flow that is under way. Hold <see cref="Gate"/> to read or change it.</summary>
internal sealed class Link(string flowId, string token, LinkRequest request, DateTimeOffset expiresAt)
{
    public Lock Gate { get; } = new();

    public string FlowId { get; } = flowId;

    /// <summary>The token that opens the widget.</summary>
    public string Token { get; } = token;

    public LinkRequest Request { get; } = request;

    public DateTimeOffset ExpiresAt { get; } = expiresAt;

    public LinkStep Step { get; set; } = LinkStep.Bank;

    public Bank? Bank { get; set; }

    public bool SaveSecrets { get; set; } = request.SaveSecrets;

    /// <summary>The accounts chosen so far.</summary>
    public IReadOnlyList<BankAccount> Chosen { get; set; } = [];
}
