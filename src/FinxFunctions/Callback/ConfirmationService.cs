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
        return ConnectionId.IsValid(connectionId) ? await wait.ForAsync(NextAsync, cancellationToken) : Confirmation.UnknownConnection;

        async Task<(Confirmation Outcome, FlowProgress Progress)> NextAsync()
        {
            var snapshot = await store.ReadAsync(connectionId, cancellationToken);
            if (snapshot is null or { Connection.Status: ConnectionStatus.Deleted } || snapshot.Connection.CallerId != caller.Id)
            {
                return (Confirmation.UnknownConnection, FlowProgress.Done);
            }

            var link = snapshot.Links.FirstOrDefault(link => link.CodeChallenge == challenge);
            return link?.Status switch
            {
                LinkStatus.Connected => (Confirmation.Connected, FlowProgress.Done),
                LinkStatus.Failed => (Confirmation.Failed, FlowProgress.Done),
                LinkStatus.Held => (Confirmation.Busy, await ExchangeAsync(snapshot, link, cancellationToken)),
                LinkStatus.Returned => (Confirmation.Busy, await exchange.RecoverAsync(snapshot, cancellationToken)),
                _ => (Confirmation.NothingToConfirm, FlowProgress.Done),
            };
        }
    }

    private async Task<FlowProgress> ExchangeAsync(ConnectionSnapshot snapshot, Link link, CancellationToken cancellationToken)
    {
        var code = new Secret(await dataKeys.DecryptTextAsync(link.Code!, snapshot.Connection.Id, cancellationToken));
        return await exchange.ExchangeAsync(snapshot, link, code, cancellationToken);
    }
}
