using FinxFunctions.Authorization;
using FinxFunctions.Http;
using FinxFunctions.Primitives;
using Microsoft.Azure.Functions.Worker;

namespace FinxFunctions.Callback;

/// <summary>Spends the code of a flow that was bound to the browser it began with.</summary>
public sealed class ConfirmLinkFunction(CallerReader callers, CallbackService callback)
{
    [Function("ConfirmLink")]
    public async Task<IResult> Run([HttpTrigger(AuthorizationLevel.Function, "post", Route = "connections/{id}/confirm")] HttpRequest request, string id, CancellationToken cancellationToken)
    {
        var caller = callers.Require(request, CallerRole.CreateLinks);
        RequestQuery.Allow(request);
        var fields = await RequestBody.ReadObjectAsync(request, isOptional: false, cancellationToken);
        var codeVerifier = fields.Text("code_verifier", 128, isRequired: true);
        fields.ThrowIfWrong();
        return await callback.ConfirmAsync(caller, id, new Secret(codeVerifier!), cancellationToken) switch
        {
            Confirmation.Connected => TypedResults.NoContent(),
            Confirmation.Failed => Problems.LinkFailed(),
            Confirmation.NothingToConfirm => throw new InvalidRequestException("code_verifier", "Fits no flow that waits to be confirmed."),
            Confirmation.Busy => Problems.Busy(),
            _ => Problems.UnknownConnection(),
        };
    }
}
