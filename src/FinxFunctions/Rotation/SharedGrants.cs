using FinxFunctions.State;

namespace FinxFunctions.Rotation;

/// <summary>
/// Notices connections that share a grant at finX: then the consent for one makes the tokens of the other worthless. finX does not document
/// whether a new consent of a user does that.
/// </summary>
public sealed class SharedGrants(ConnectionStore store, RotationPolicy policy, BackgroundWork background, RotationLog log)
{
    /// <summary>How many connections of the user are looked at.</summary>
    private const int Most = 100;

    /// <summary>Logs, in the background, where another connection of the same user got a new consent after the refused token was obtained.</summary>
    public void Check(Connection refused) => background.Start(() => CheckAsync(refused));

    private async Task CheckAsync(Connection refused)
    {
        var seen = 0;
        await foreach (var other in store.OfUserAsync(refused.UserKey, null, CancellationToken.None))
        {
            if (other.Id != refused.Id && other.ConsentExpiresAt is { } end && policy.ConsentBegan(end) is var began && began > refused.RefreshedAt)
            {
                log.SharedGrant(refused.Id, other.Id, began);
                return;
            }

            if (++seen == Most)
            {
                return;
            }
        }
    }
}
