using FinxFunctions.Rotation;
using FinxFunctions.State;

namespace FinxFunctions.Tokens;

/// <summary>
/// The schedule's entry for a lease that is likely to be needed. It is written while the connection is read, which saves its time.
/// If it is not taken, it is removed again.
/// </summary>
public sealed class PreparedLease(Leases leases, string connectionId) : IDisposable
{
    private Task<DueEntry>? _entry;

    /// <summary>Starts to write the entry, unless that is done already. Does not wait for it.</summary>
    public void Prepare() => _entry ??= leases.PrepareAsync(connectionId);

    /// <summary>Hands the entry over to a refresh. Null if none was prepared.</summary>
    public Task<DueEntry>? Take()
    {
        (var entry, _entry) = (_entry, null);
        return entry;
    }

    /// <summary>Removes an entry that was not taken, in the background.</summary>
    public void Dispose()
    {
        if (Take() is { } unused)
        {
            leases.Unschedule(unused);
        }
    }
}
