using System.Text.Json;

namespace FinxFunctions.Authorization;

/// <summary>Identifies the caller of a request.</summary>
public sealed class CallerReader(IOptions<CallerOptions> options)
{
    /// <summary>Set by App Service Authentication: base64 of a JSON object with the caller's claims.</summary>
    private const string PrincipalHeader = "X-MS-CLIENT-PRINCIPAL";

    private const int MaximumPrincipal = 32 * 1024;

    /// <summary>The caller, if it has this role. With function keys every caller has every role.</summary>
    /// <exception cref="CallerException">The caller is unknown, or lacks the role.</exception>
    public Caller Require(HttpRequest request, string role)
    {
        if (options.Value.Mode is CallerMode.FunctionKeys)
        {
            return Caller.WithKey;
        }

        var claims = request.Headers[PrincipalHeader] is [{ Length: > 0 and <= MaximumPrincipal } principal] ? ClaimsOf(principal) : [];
        var applications = claims.Where(claim => claim.Type is "azp" or "appid").Select(claim => claim.Value).Distinct().ToList();
        if (applications is not [{ } application] || !Guid.TryParse(application, out var clientId))
        {
            throw new CallerException();
        }

        var caller = new Caller(clientId.ToString("D"));
        return claims.Any(claim => claim.Type is "roles" or "http://schemas.microsoft.com/ws/2008/06/identity/claims/role" && claim.Value == role)
            ? caller
            : throw new CallerException(caller, role);
    }

    private static List<(string Type, string Value)> ClaimsOf(string principal)
    {
        try
        {
            using var document = JsonDocument.Parse(Convert.FromBase64String(principal));
            return [.. document.RootElement.GetProperty("claims").EnumerateArray().Select(claim => (TextOf(claim, "typ"), TextOf(claim, "val")))];
        }
        catch (Exception exception) when (exception is FormatException or JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return [];
        }
    }

    private static string TextOf(JsonElement claim, string name) => claim.GetProperty(name).GetString() ?? "";
}
