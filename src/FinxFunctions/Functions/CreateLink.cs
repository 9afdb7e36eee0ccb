using Finx.Callers;
using Finx.Hosting;
using Finx.Links;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace FinxFunctions.Functions;

/// <summary>Makes a link to the finX widget, for a new connection or to renew one.</summary>
public sealed class CreateLink(CallerReader callers, LinkRequestReader reader, LinkService links)
{
    [Function(nameof(CreateLink))]
    public async Task<IResult> Run([HttpTrigger(AuthorizationLevel.Function, "post", Route = "links")] HttpRequest request, CancellationToken cancellationToken)
    {
        var caller = callers.Require(request, CallerRole.CreateLinks);
        RequestQuery.Allow(request);
        var fields = await RequestBody.ReadObjectAsync(request, isOptional: false, cancellationToken);
        return await links.CreateAsync(caller, reader.Read(fields, RequestHeader.IdempotencyKey(request)), cancellationToken) is { } link
            ? Answers.Secret(link, ContractJson.Default.CreatedLink, StatusCodes.Status201Created)
            : Problems.UnknownConnection();
    }
}
