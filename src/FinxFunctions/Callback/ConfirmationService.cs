using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using FinxFunctions.Authorization;
using FinxFunctions.KeyVault;
using FinxFunctions.Primitives;
using FinxFunctions.State;

namespace FinxFunctions.Callback;

/// <summary>Confirms flows that are bound to the browser in which they began.</summary>
public sealed class ConfirmationService(ConnectionStore store, CodeExchange exchange, DataKeys dataKeys, FlowWait wait)
{
    /// <summary>
    /// Has the code of a flow exchanged if the caller presents the <c>code_verifier</c> of its browser (RFC 7636, with the caller in the
    /// client's place). Repeatable.
    /// </summary>
    /// <exception cref="StorageException">Table Storage did not answer; ask again.</exception>
    /// <exception cref="VaultException">Key Vault did not answer; ask again.</exception>
    public async Task<Confirmation> ConfirmAsync(Caller caller, string connectionId, Secret codeVerifier, CancellationToken cancellationToken)
    {
        var challenge = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(codeVerifier.Reveal())));
        return ConnectionId.IsValid(connectionId) ? await wait.ForAsync(NextAsync, () => Confirmation.Busy, cancellationToken) : Confirmation.UnknownConnection;

        async Task<(Confirmation Outcome, FlowProgress Progress)> NextAsync()
        {
            var snapshot = await store.ReadAsync(connectionId, cancellationToken);
            if (snapshot is null or { Connection.Status: ConnectionStatus.Deleted } || snapshot.Connection.CallerId != caller.Id)
            {
                return (Confirmation.UnknownConnection, FlowProgress.Done);
            }

            var link = snapshot.Links.Where(link => link.CodeChallenge == challenge).MinBy(OrderOf);
            return link?.Status switch
            {
                _ when link is not null && CodeExchange.HasAnswer(snapshot, link) => Answered(snapshot),
                LinkStatus.Connected => (Confirmation.Connected, FlowProgress.Done),
                LinkStatus.Failed => (Confirmation.Failed, FlowProgress.Done),
                LinkStatus.Held => (Confirmation.Busy, await ExchangeAsync(snapshot, link, cancellationToken)),
                LinkStatus.Returned when link.Code is not null => (Confirmation.Busy, await ExchangeAsync(snapshot, link, cancellationToken)),
                LinkStatus.Returned => (Confirmation.Busy, await exchange.RecoverAsync(snapshot, cancellationToken)),
                _ => (Confirmation.NothingToConfirm, FlowProgress.Done),
            };
        }
    }

    /// <summary>Of several links with one challenge, the one whose code still waits comes first, and one that nobody returned to comes last.</summary>
    private static int OrderOf(Link link) => link.Status switch
    {
        LinkStatus.Held => 0,
        LinkStatus.Returned => 1,
        LinkStatus.Connected => 2,
        LinkStatus.Failed => 3,
        _ => 4,
    };

    private (Confirmation Outcome, FlowProgress Progress) Answered(ConnectionSnapshot snapshot)
    {
        exchange.FinishInBackground(snapshot);
        return (Confirmation.Connected, FlowProgress.Done);
    }

    private async Task<FlowProgress> ExchangeAsync(ConnectionSnapshot snapshot, Link link, CancellationToken cancellationToken)
    {
        var code = new Secret(await dataKeys.DecryptTextAsync(link.Code!, snapshot.Connection.Id, cancellationToken));
        return await exchange.ExchangeAsync(snapshot, link, code, cancellationToken);
    }
}
