using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;

namespace FinxFunctions.Tests.Running;

/// <summary>Reads answers of the app. A wrong status fails the test with the whole answer.</summary>
public static class Answers
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<JsonObject> JsonAsync(this HttpResponseMessage response, HttpStatusCode expected = HttpStatusCode.OK)
    {
        if (response.StatusCode != expected)
        {
            Assert.Fail($"{(int)expected} was expected, but {(int)response.StatusCode} came: {await response.Content.ReadAsStringAsync(Cancel)}");
        }

        return (await response.Content.ReadFromJsonAsync<JsonObject>(Cancel))!;
    }

    /// <summary>Problem details as the contract has them: status, <c>code</c>, <c>trace_id</c>.</summary>
    public static async Task<JsonObject> ProblemAsync(this HttpResponseMessage response, int status, string code)
    {
        var problem = await response.JsonAsync((HttpStatusCode)status);

        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(code, problem.Text("code"));
        Assert.Equal(status, problem["status"]!.GetValue<int>());
        Assert.Matches("^[0-9a-f]{32}$", problem.Text("trace_id"));
        return problem;
    }

    /// <summary>The names of the fields in <c>errors</c>.</summary>
    public static IEnumerable<string> Fields(this JsonObject problem) => (problem["errors"] as JsonObject ?? []).Select(field => field.Key);

    /// <summary>The parameters of the address to which the app sends the user.</summary>
    public static Dictionary<string, string> Returned(this HttpResponseMessage response)
    {
        Assert.Equal(HttpStatusCode.SeeOther, response.StatusCode);
        var location = response.Headers.Location!;
        Assert.Equal(World.ReturnUri, location.GetLeftPart(UriPartial.Path));
        return QueryHelpers.ParseQuery(location.Query).ToDictionary(parameter => parameter.Key, parameter => parameter.Value.ToString());
    }

    public static string Text(this JsonObject body, string name) =>
        body[name]?.GetValue<string>() ?? throw new InvalidDataException($"There is no {name} in {body.ToJsonString()}.");

    public static int Number(this JsonObject body, string name) =>
        body[name]?.GetValue<int>() ?? throw new InvalidDataException($"There is no {name} in {body.ToJsonString()}.");

    public static DateTimeOffset Time(this JsonObject body, string name) =>
        body[name]?.GetValue<DateTimeOffset>() ?? throw new InvalidDataException($"There is no {name} in {body.ToJsonString()}.");
}
