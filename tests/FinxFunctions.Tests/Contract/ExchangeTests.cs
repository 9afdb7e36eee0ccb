using System.Text;
using Microsoft.AspNetCore.Http;

namespace FinxFunctions.Tests.Contract;

/// <summary>Differences from the document are found.</summary>
public class ExchangeTests
{
    private const string Healthy = """{"status":"healthy","dependencies":{"table_storage":"healthy","key_vault":"healthy","finx":"healthy"}}""";
    private const string Problem = """{"type":"urn:finxfunctions:busy","title":"t","status":503,"code":"busy","trace_id":"4bf92f3577b34da6a3ce929d0e0e4736"}""";

    [Theory]
    [InlineData("Health", 200, "application/json", Healthy, null, null)]
    [InlineData("Health", 418, "application/json", Healthy, null, "which is not documented")]
    [InlineData("Health", 200, "text/plain", Healthy, null, "a body of type 'text/plain' is not documented")]
    [InlineData("Health", 200, "application/json", "", null, "breaks type")]
    [InlineData("Health", 200, "application/json", """{"status":"healthy"}""", null, "breaks required")]
    [InlineData("Health", 200, "application/json", """{"status":"fine","dependencies":{}}""", null, "breaks enum")]
    [InlineData("Health", 200, "application/json", """{"status":"healthy","dependencies":{},"extra":1}""", null, "body.extra is not documented")]
    [InlineData("Health", 200, "application/json", Healthy, "X-More", "the header X-More is not documented")]
    [InlineData("GetToken", 503, "application/problem+json", Problem, "Retry-After", null)]
    [InlineData("GetToken", 503, "application/problem+json", Problem, null, "the header Retry-After is missing")]
    [InlineData("GetConnection", 503, "application/problem+json", Problem, "Retry-After", "the code busy is not documented for this status")]
    [InlineData("DeleteConnection", 204, null, "x", null, "a body of type '' is not documented")]
    public void An_answer_is_compared_with_the_document(string operation, int status, string? type, string body, string? header, string? violation)
    {
        var context = new DefaultHttpContext();
        (context.Response.StatusCode, context.Response.ContentType) = (status, type);
        if (header is not null)
        {
            context.Response.Headers[header] = "1";
        }

        var (violations, _) = new Exchange(context, ContractDocument.Find(operation)!, default, Encoding.UTF8.GetBytes(body)).Check();

        Assert.Equal(violation is null, violations.Count == 0);
        Assert.True(violation is null || violations.Any(found => found.Contains(violation, StringComparison.Ordinal)), string.Join('\n', violations));
    }

    [Fact]
    public void A_parameter_that_is_accepted_must_be_documented()
    {
        var context = new DefaultHttpContext();
        context.Request.QueryString = new QueryString("?limit=none&other=1");
        context.Response.ContentType = "application/json";

        var (violations, _) = new Exchange(context, ContractDocument.Find("ListConnections")!, default, """{"connections":[],"next":null}"""u8.ToArray()).Check();

        Assert.Contains(violations, violation => violation.Contains("limit breaks type", StringComparison.Ordinal));
        Assert.Contains(violations, violation => violation.Contains("the parameter other is not documented", StringComparison.Ordinal));
    }
}
