using System.Text;
using System.Text.Json.Nodes;

namespace FinxFunctions.Tests.Authorization;

/// <summary>X-MS-CLIENT-PRINCIPAL as App Service Authentication makes it from an application's token.</summary>
internal static class Principal
{
    public const string First = "11111111-1111-1111-1111-111111111111";
    public const string Second = "22222222-2222-2222-2222-222222222222";

    private const string Header = "X-MS-CLIENT-PRINCIPAL";

    public static readonly string[] AllRoles = ["Links.Create", "Connections.Read", "Tokens.Read", "Connections.Delete"];

    public static string Of(string application, params string[] roles) => OfClaims([("aud", "api://finx"), ("azp", application), ("azpacr", "1"), ("ver", "2.0"), .. roles.Select(role => ("roles", role))]);

    public static string OfClaims(params (string Type, string Value)[] claims) => Encode(new JsonObject
    {
        ["auth_typ"] = "aad",
        ["claims"] = new JsonArray([.. claims.Select(claim => new JsonObject { ["typ"] = claim.Type, ["val"] = claim.Value })]),
        ["name_typ"] = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress",
        ["role_typ"] = "http://schemas.microsoft.com/ws/2008/06/identity/claims/role",
    }.ToJsonString());

    public static string Encode(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    public static HttpRequestMessage Request(HttpMethod method, string path, string? principal, JsonObject? body = null)
    {
        var request = new HttpRequestMessage(method, path) { Content = body is null ? null : new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json") };
        if (principal is not null)
        {
            request.Headers.TryAddWithoutValidation(Header, principal);
        }

        return request;
    }
}
