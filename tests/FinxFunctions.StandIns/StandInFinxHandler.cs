using System.Text.Json;

namespace FinxFunctions.StandIns;

/// <summary>The client side of finX in memory: the primary handler of the named clients.</summary>
/// <param name="presented">Called when the process sends a token.</param>
public sealed class StandInFinxHandler(InMemoryFinx finx, Network network, Action<Presentation>? presented = null) : HttpMessageHandler
{
    // Never awaits: a task must complete on the thread on which the network completes it.
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var body = JsonDocument.Parse(request.Content!.ReadAsStream(cancellationToken));
        var root = body.RootElement;
        switch (request.RequestUri!.AbsolutePath)
        {
            case "/ongoing/access":
                var state = root.GetProperty("state").GetString()!;
                return network.ExchangeAsync(new ServiceCall(Service.Finx, "link", FinxFunctions.Links.FlowState.TryParse(state)!.ConnectionId), () => finx.CreateLink(state), Nothing, cancellationToken);
            case "/auth/revoke":
                var revoked = root.GetProperty("token").GetString()!;
                return network.ExchangeAsync(new ServiceCall(Service.Finx, "revoke", finx.Find(revoked)?.Family.ConnectionId ?? ""), () => finx.Revoke(revoked, "deleted"), Nothing, cancellationToken);
            case "/auth/token":
                return PresentAsync((root.TryGetProperty("code", out var code) ? code : root.GetProperty("refresh_token")).GetString()!, cancellationToken);
            default:
                throw new NotSupportedException($"finX in memory does not know {request.RequestUri.AbsolutePath}.");
        }
    }

    private Task<HttpResponseMessage> PresentAsync(string value, CancellationToken cancellationToken)
    {
        if (finx.Present(value) is not { } presentation)
        {
            return network.ExchangeAsync(new ServiceCall(Service.Finx, "token", ""), finx.Refusal, Nothing, cancellationToken);
        }

        presented?.Invoke(presentation);
        return network.ExchangeAsync(
            new ServiceCall(Service.Finx, "token", presentation.Token.Family.ConnectionId),
            () => finx.Answer(presentation),
            () => presentation.AnsweredAt = finx.Now,
            cancellationToken);
    }

    private static void Nothing()
    {
    }
}
