using Finx.Callback;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace FinxFunctions.Functions;

/// <summary>Takes the user's return from the widget. The browser brings no key: the state is what proves it.</summary>
public sealed class Callback(CallbackService callback)
{
    [Function(nameof(Callback))]
    public async Task<IResult> Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "callback")] HttpRequest request, CancellationToken cancellationToken) =>
        new CallbackResult(await callback.HandleAsync(CallbackQuery.Read(request.Query), cancellationToken));
}
