using FinxFunctions.State;

namespace FinxFunctions.Maintenance;

/// <summary>
/// Removes the rows of Idempotency-Keys whose links are over. Each tick reads the next few hundred, in a circle. So at most as many rows are
/// kept as requests came in two days, while fewer than 100,000 come in a day.
/// </summary>
public sealed class ExpiredRequests(RequestIndex requests, TimeProvider time)
{
    private const int Step = 500;

    private string? _after = Guid.NewGuid().ToString("N");

    /// <summary>Reads the next rows and removes those that have expired.</summary>
    /// <exception cref="StorageException">Table Storage did not answer.</exception>
    public async Task StepAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var seen = 0;
        string? last = null;
        List<IndexedRequest> expired = [];
        await foreach (var request in requests.AllAsync(_after, cancellationToken))
        {
            last = request.Key;
            if (request.ExpiresAt <= now)
            {
                expired.Add(request);
            }

            if (++seen == Step)
            {
                break;
            }
        }

        foreach (var request in expired)
        {
            await requests.RemoveAsync(request, cancellationToken);
        }

        _after = seen == Step ? last : null;
    }
}
