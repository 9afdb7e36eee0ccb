using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using FinxSandbox.Calls;

namespace FinxSandbox.Identity;

/// <summary>The managed identity endpoint of App Service in miniature (learn.microsoft.com/azure/app-service/overview-managed-identity, "REST endpoint reference").</summary>
internal sealed class IdentityApi(string header)
{
    private const string ApiVersion = "2019-08-01";

    public Operation? Route(Call call) => (call.Method, call.Path) switch
    {
        ("GET", ["identity", "token"]) => new("identity.token", Token),
        _ => null,
    };

    private Answer Token(Call call)
    {
        call.Entry = call.Entry with { Service = "identity" };
        var presented = Encoding.UTF8.GetBytes(call.Request.Headers["X-IDENTITY-HEADER"].ToString());
        if (!CryptographicOperations.FixedTimeEquals(presented, Encoding.UTF8.GetBytes(header)))
            return Error(StatusCodes.Status401Unauthorized, "X-IDENTITY-HEADER is missing or wrong.");
        if (call.Query("api-version") is not ApiVersion)
            return Error(StatusCodes.Status400BadRequest, $"api-version must be {ApiVersion}.");
        if (call.Query("resource") is not { Length: > 0 } resource)
            return Error(StatusCodes.Status400BadRequest, "resource is missing.");

        var (token, expiresAt) = IdentityTokens.Issue(resource);
        var body = new IdentityTokenBody(
            token, expiresAt.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture), resource, "Bearer", call.Query("client_id"));
        return Answer.Json(StatusCodes.Status200OK, body, IdentityJson.Default.IdentityTokenBody);
    }

    private static Answer Error(int status, string message) =>
        Answer.Json(status, new IdentityErrorBody(status, message), IdentityJson.Default.IdentityErrorBody);
}
