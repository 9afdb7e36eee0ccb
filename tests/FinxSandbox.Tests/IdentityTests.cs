using System.Net;
using Azure.Identity;

namespace FinxSandbox.Tests;

public sealed class IdentityTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_unmodified_ManagedIdentityCredential_opens_the_vault()
    {
        await using var server = await SandboxServer.StartAsync(new SandboxOptions(), Cancel);
        // The credential reads these two from the environment of the process; no other test does.
        Environment.SetEnvironmentVariable("IDENTITY_ENDPOINT", server.IdentityEndpoint.ToString());
        Environment.SetEnvironmentVariable("IDENTITY_HEADER", server.IdentityHeader);
        var credential = new ManagedIdentityCredential(ManagedIdentityId.FromUserAssignedClientId("0ee1d5d6-0000-4000-8000-000000000001"));

        await VaultClient.For(server, credential: credential).SetSecretAsync("a", "1", Cancel);

        Assert.Single(server.Journal.Of("identity.token"));
        Assert.Equal("identity", server.Journal.Of("identity.token")[0].Service);
    }

    [Theory]
    [InlineData("wrong", "?api-version=2019-08-01&resource=https://vault.azure.net", HttpStatusCode.Unauthorized)]
    [InlineData(null, "?api-version=2017-09-01&resource=https://vault.azure.net", HttpStatusCode.BadRequest)]
    [InlineData(null, "?api-version=2019-08-01", HttpStatusCode.BadRequest)]
    public async Task Wrong_calls_get_no_token(string? header, string query, HttpStatusCode expected)
    {
        await using var client = await Client.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, client.Server.IdentityEndpoint + query);
        request.Headers.Add("X-IDENTITY-HEADER", header ?? client.Server.IdentityHeader);

        var answer = await client.Http.SendAsync(request, Cancel);

        Assert.Equal(expected, answer.StatusCode);
    }

    [Fact]
    public async Task A_token_for_another_resource_does_not_open_the_vault()
    {
        await using var server = await SandboxServer.StartAsync(new SandboxOptions(), Cancel);
        var foreign = Azure.Core.DelegatedTokenCredential.Create((_, cancel) =>
            server.Credential.GetToken(new Azure.Core.TokenRequestContext(["https://storage.azure.com/.default"]), cancel));

        var failure = await Assert.ThrowsAsync<Azure.RequestFailedException>(() => VaultClient.For(server, credential: foreign).SetSecretAsync("a", "1", Cancel));

        Assert.Equal(401, failure.Status);
    }
}
