using System.Text;
using FinxFunctions.Finx;
using FinxFunctions.KeyVault;
using FinxFunctions.Primitives;
using FinxFunctions.State;

namespace FinxFunctions.Rotation;

/// <summary>Reads what an unfinished attempt presents: its code from the lease, or the connection's refresh token from Key Vault.</summary>
public sealed class GrantReader(DataKeys dataKeys, TokenPairReader pairs)
{
    /// <exception cref="VaultException">Key Vault did not give it.</exception>
    /// <exception cref="InvalidOperationException">The connection has no refresh token: a lease to refresh it cannot exist.</exception>
    public async Task<TokenGrant> ReadAsync(ConnectionSnapshot snapshot, Lease lease) => lease.Code is { } code
        ? new TokenGrant.AuthorizationCode(new Secret(Encoding.UTF8.GetString(await dataKeys.DecryptAsync(code, lease.ConnectionId, lease.ToGeneration, CancellationToken.None))))
        : new TokenGrant.RefreshToken((await pairs.CommittedAsync(snapshot, CancellationToken.None))?.RefreshToken ?? throw new InvalidOperationException($"Connection {lease.ConnectionId} has no refresh token to present."));
}
