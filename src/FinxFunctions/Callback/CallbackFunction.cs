using Microsoft.Azure.Functions.Worker;

namespace FinxFunctions.Callback;

/// <summary>Takes the user's return from the widget. The browser brings no key: the state is what proves it.</summary>
public sealed class CallbackFunction(CallbackService callback)
{
    [Function("Callback")]
    public async Task<IResult> Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "callback")] HttpRequest request, CancellationToken cancellationToken) =>
        new CallbackPage(await callback.HandleAsync(CallbackQuery.Read(request.Query), cancellationToken));
}
