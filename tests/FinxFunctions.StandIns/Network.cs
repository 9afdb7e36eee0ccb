namespace FinxFunctions.StandIns;

/// <summary>
/// The way from a client to a service in memory. What is late, lost or refused on the way is decided here; what a service answers to a
/// call that reached it is the service's.
/// </summary>
public abstract class Network
{
    /// <summary>A call of an Azure client, which repeats transient failures.</summary>
    public abstract Task<T> CallAsync<T>(ServiceCall call, Func<T> act);

    /// <summary>One HTTP exchange, without repetition.</summary>
    /// <param name="arrived">Called when the answer has reached the sender, who still waits for it.</param>
    public abstract Task<HttpResponseMessage> ExchangeAsync(ServiceCall call, Func<HttpResponseMessage> act, Action arrived, CancellationToken cancellationToken);
}
