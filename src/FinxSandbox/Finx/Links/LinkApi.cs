using FinxSandbox.Calls;

namespace FinxSandbox.Finx.Links;

/// <summary><c>POST /ongoing/access</c> and <c>POST /ongoing/sync</c>.</summary>
internal sealed class LinkApi(LinkStore links, ClientAuthentication client)
{
    public Operation? Route(Call call)
    {
        var operation = Find(call);
        if (operation is not null)
            call.Entry = call.Entry with { UserId = call.Text("user_id") };
        return operation;
    }

    private Operation? Find(Call call) => (call.Method, call.Path) switch
    {
        ("POST", ["ongoing", "access"]) => client.Guard("links.create", post => Create(post, sync: false)),
        ("POST", ["ongoing", "sync"]) => client.Guard("links.sync", post => Create(post, sync: true)),
        _ => null,
    };

    private Answer Create(Call call, bool sync)
    {
        if (LinkRequest.Read(call, sync, out var refusal) is not { } request)
            return refusal!;

        var link = links.Create(request);
        call.Entry = call.Entry with { FlowId = link.FlowId, UserId = request.UserId };
        var location = $"{call.Request.Scheme}://{call.Request.Host}/widget?token={link.Token}";
        return Answer.Json(StatusCodes.Status201Created, new LinkBody(location, link.FlowId), FinxJson.Default.LinkBody);
    }
}
