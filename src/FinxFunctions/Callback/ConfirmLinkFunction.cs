using FinxFunctions.Authorization;
using FinxFunctions.Http;
using FinxFunctions.Primitives;
using Microsoft.Azure.Functions.Worker;

namespace FinxFunctions.Callback;

/// <summary>Has the code of a flow exchanged that is bound to the browser in which it began.</summary>
public sealed class ConfirmLinkFunction(CallerReader callers, ConfirmationService confirmations)
{
    [Function("ConfirmLink")]
    public async Task<IResult> Run([HttpTrigger(AuthorizationLevel.Function, "post", Route = "connections/{id}/confirm")] HttpRequest request, string id, CancellationToken cancellationToken)
    {
        var caller = callers.Admit(request, CallerRole.CreateLinks);
        var body = await RequestBody.ReadAsync(request, CallbackBodyJson.Default.LinkConfirmationBody, isOptional: false, cancellationToken);
        return await confirmations.ConfirmAsync(caller, id, new Secret(body.Valid().CodeVerifier!), cancellationToken) switch
        {
            Confirmation.Connected => TypedResults.NoContent(),
            Confirmation.Failed => Problems.LinkFailed(),
            Confirmation.NothingToConfirm => throw new InvalidRequestException("code_verifier", "Fits no flow that waits for a confirmation."),
            Confirmation.Busy => Problems.Busy(),
            _ => Problems.UnknownConnection(),
        };
    }
}
