using FinxFunctions.Authorization;
using FinxFunctions.Http;
using Microsoft.Azure.Functions.Worker;

namespace FinxFunctions.Links;

/// <summary>Makes a link to the finX widget, for a new connection or to renew one.</summary>
public sealed class CreateLinkFunction(CallerReader callers, LinkRequestReader reader, LinkService links)
{
    [Function("CreateLink")]
    public async Task<IResult> Run([HttpTrigger(AuthorizationLevel.Function, "post", Route = "links")] HttpRequest request, CancellationToken cancellationToken)
    {
        var caller = callers.Require(request, CallerRole.CreateLinks);
        RequestQuery.Allow(request);
        var fields = await RequestBody.ReadObjectAsync(request, isOptional: false, cancellationToken);
        return await links.CreateAsync(caller, reader.Read(fields, RequestHeader.IdempotencyKey(request)), cancellationToken) is { } link
            ? JsonResults.Secret(link, LinksJson.Default.CreatedLink, StatusCodes.Status201Created)
            : Problems.UnknownConnection();
    }
}
