using System.Text;
using FinxFunctions.Authorization;
using FinxFunctions.Http;
using FinxFunctions.KeyVault;
using FinxFunctions.Primitives;
using FinxFunctions.Simulation.Tests.Staging;
using FinxFunctions.State;
using FinxFunctions.Tokens;
using Microsoft.AspNetCore.Http;

namespace FinxFunctions.Simulation.Tests.Tokens;

/// <summary>Access tokens for callers, with their audit records.</summary>
public sealed class TokenServiceTests
{
    private const string Application = "11111111-2222-3333-4444-555555555555";

    private readonly Scenario _scenario = new();

    [Fact]
    public void A_token_that_is_handed_out_is_recorded()
    {
        var id = _scenario.Connect();

        Assert.IsType<AccessResult.Granted>(Get(id));

        Assert.Equal(["function-key token_read 1 cold"], _scenario.Records);
    }

    [Fact]
    public void A_refused_token_request_is_recorded()
    {
        var link = _scenario.CreateLink();
        _scenario.Logs.Clear();

        Get(link.ConnectionId);
        Get("anything, of any length");

        Assert.Equal(["function-key token_read  needs_reconsent", "function-key token_read  unknown_connection"], _scenario.Records);
        Assert.Equal([link.ConnectionId, "invalid"], _scenario.Logs.GetSnapshot().Where(line => line.Category == "FinxFunctions.Audit").Select(line => line.GetStructuredStateValue("ConnectionId")));
    }

    [Fact]
    public void An_unavailable_store_is_recorded()
    {
        var id = _scenario.Connect();
        _scenario.Script.On("connections.query", ScriptedFault.Fails());
        Assert.Throws<StorageException>(() => Get(id));
        _scenario.Script.On("get", ScriptedFault.Fails());
        Assert.Throws<VaultException>(() => Get(id));

        Assert.Equal(["function-key token_read  store_unavailable", "function-key token_read  store_unavailable"], _scenario.Records);
    }

    [Fact]
    public void A_lack_of_memory_is_not_recorded_as_an_unavailable_store()
    {
        var id = _scenario.Connect();
        _scenario.Script.On("connections.query", ScriptedFault.Throws(new InsufficientMemoryException()));

        Assert.Throws<InsufficientMemoryException>(() => Get(id));

        Assert.Empty(_scenario.Records);
    }

    [Fact]
    public void A_caller_without_the_role_is_refused_and_recorded()
    {
        var scenario = new Scenario(("Callers:Mode", "Entra"));
        var id = ConnectionId.New();

        Assert.Equal("Tokens.Read", Assert.Throws<CallerException>(() => Admit(scenario, id, "Links.Create")).MissingRole);
        Assert.Throws<CallerException>(() => Admit(scenario, "anything", "Links.Create"));
        Assert.Equal(Application, Admit(scenario, id, "Tokens.Read").Id);

        Assert.Equal([$"{Application} token_read  forbidden", $"{Application} token_read  forbidden"], scenario.Records);
        Assert.Equal([id, "invalid"], scenario.Logs.GetSnapshot().Where(line => line.Category == "FinxFunctions.Audit").Select(line => line.GetStructuredStateValue("ConnectionId")));
    }

    [Fact]
    public void An_unknown_caller_is_refused_and_not_recorded()
    {
        var scenario = new Scenario(("Callers:Mode", "Entra"));

        Assert.Throws<CallerException>(() => scenario.Do((TokenService tokens) => tokens.AdmitAsync(new DefaultHttpContext().Request, ConnectionId.New(), CancellationToken.None)));

        Assert.Empty(scenario.Records);
    }

    [Fact]
    public void The_answer_says_how_long_the_token_is_valid()
    {
        var pair = _scenario.Pair(_scenario.Connect());
        _scenario.Pass(pair.AccessExpiresAt.AddSeconds(-90.5) - _scenario.Now);

        var issued = _scenario.Get<TokenService>().Issue(pair);

        Assert.Equal(new IssuedToken(pair.AccessToken, "Bearer", 90, pair.AccessExpiresAt, pair.Scope, 1), issued);
        _scenario.Pass(TimeSpan.FromMinutes(2));
        Assert.Equal(0, _scenario.Get<TokenService>().Issue(pair).ExpiresIn);
    }

    [Theory]
    [InlineData("{}", 60, null)]
    [InlineData("""{"min_validity":0}""", 0, null)]
    [InlineData("""{"min_validity":3600,"rejected_generation":1}""", 3600, 1)]
    [InlineData("""{"rejected_generation":2147483647}""", 60, int.MaxValue)]
    public async Task A_request_says_what_is_wanted(string body, int seconds, int? rejected) =>
        Assert.Equal(new AccessRequest(TimeSpan.FromSeconds(seconds), rejected), TokenService.Read(await BodyOfAsync(body)));

    [Theory]
    [InlineData("""{"min_validity":-1}""", "min_validity")]
    [InlineData("""{"min_validity":3601}""", "min_validity")]
    [InlineData("""{"rejected_generation":0}""", "rejected_generation")]
    [InlineData("""{"min_validity":"x","rejected_generation":"y"}""", "min_validity rejected_generation")]
    public async Task Each_invalid_field_is_named(string body, string fields)
    {
        var read = await BodyOfAsync(body);

        var wrong = Assert.Throws<InvalidRequestException>(() => TokenService.Read(read));

        Assert.Equal(fields.Split(' '), wrong.Errors.Keys.Order());
    }

    private static Task<ParsedBody<TokenRequestBody>> BodyOfAsync(string body)
    {
        var context = new DefaultHttpContext { Request = { ContentType = "application/json", Body = new MemoryStream(Encoding.UTF8.GetBytes(body)), ContentLength = body.Length } };
        return RequestBody.ReadAsync(context.Request, TokenBodyJson.Default.TokenRequestBody, isOptional: true, TestContext.Current.CancellationToken);
    }

    /// <summary>Makes a request of an application with one app role, as App Service Authentication describes it.</summary>
    private static Caller Admit(Scenario scenario, string id, string role)
    {
        var request = new DefaultHttpContext().Request;
        request.Headers["X-MS-CLIENT-PRINCIPAL"] = Convert.ToBase64String(Encoding.UTF8.GetBytes($$"""{"claims":[{"typ":"azp","val":"{{Application}}"},{"typ":"roles","val":"{{role}}"}]}"""));
        return scenario.Do((TokenService tokens) => tokens.AdmitAsync(request, id, CancellationToken.None));
    }

    private AccessResult Get(string id) => _scenario.Do((TokenService tokens) => tokens.GetAsync(Caller.WithKey, id, AccessRequest.Default, CancellationToken.None));
}
