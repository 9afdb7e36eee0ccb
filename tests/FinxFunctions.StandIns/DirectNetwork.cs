namespace FinxFunctions.StandIns;

/// <summary>A network on which nothing goes wrong.</summary>
public sealed class DirectNetwork : Network
{
    public override Task<T> CallAsync<T>(ServiceCall call, Func<T> act)
    {
        try
        {
            return Task.FromResult(act());
        }
        catch (Azure.RequestFailedException refusal)
        {
            return Task.FromException<T>(refusal);
        }
    }

    public override Task<HttpResponseMessage> ExchangeAsync(ServiceCall call, Func<HttpResponseMessage> act, Action arrived, CancellationToken cancellationToken)
    {
        var answer = act();
        arrived();
        return Task.FromResult(answer);
    }
}
