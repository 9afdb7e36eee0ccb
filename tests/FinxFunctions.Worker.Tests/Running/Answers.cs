using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using FinxFunctions.Worker.Tests.Hosts;
using Microsoft.AspNetCore.WebUtilities;

namespace FinxFunctions.Worker.Tests.Running;

/// <summary>Reads what the functions answered; a wrong status fails the test with the whole answer.</summary>
internal static class Answers
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<JsonObject> JsonAsync(this HttpResponseMessage response, HttpStatusCode expected = HttpStatusCode.OK)
    {
        if (response.StatusCode != expected)
            Assert.Fail($"{(int)expected} was expected, but {(int)response.StatusCode} came: {await response.Content.ReadAsStringAsync(Cancel)}");

        return (await response.Content.ReadFromJsonAsync<JsonObject>(Cancel))!;
    }

    /// <summary>Problem details as the contract has them.</summary>
    public static async Task<JsonObject> ProblemAsync(this HttpResponseMessage response, int status, string code)
    {
        var problem = await response.JsonAsync((HttpStatusCode)status);

        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(code, problem.Text("code"));
        Assert.Equal(status, problem["status"]!.GetValue<int>());
        return problem;
    }

    /// <summary>An answer that the host gives in the functions' place: no body.</summary>
    public static async Task EmptyAsync(this HttpResponseMessage response, HttpStatusCode expected)
    {
        Assert.Equal(expected, response.StatusCode);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync(Cancel));
    }

    /// <summary>What the app tells the caller by the address that it sends the user to.</summary>
    public static Dictionary<string, string> Returned(this HttpResponseMessage response)
    {
        Assert.Equal(HttpStatusCode.SeeOther, response.StatusCode);
        var location = response.Headers.Location!;
        Assert.Equal(ExternalHost.ReturnUri, location.GetLeftPart(UriPartial.Path));
        return QueryHelpers.ParseQuery(location.Query).ToDictionary(parameter => parameter.Key, parameter => parameter.Value.ToString());
    }

    public static string Text(this JsonObject body, string name) =>
        body[name]?.GetValue<string>() ?? throw new InvalidDataException($"There is no {name} in {body.ToJsonString()}.");

    public static int Number(this JsonObject body, string name) =>
        body[name]?.GetValue<int>() ?? throw new InvalidDataException($"There is no {name} in {body.ToJsonString()}.");
}
