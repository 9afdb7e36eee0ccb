using System.Security.Cryptography;
using System.Text;
using Microsoft.Azure.Functions.Worker;

namespace FinxFunctions.DevHost.Triggers;

/// <summary>
/// The keys that calls need, as in the Functions host: the setting <c>FunctionKey</c> opens the functions, the setting <c>MasterKey</c> opens
/// the admin addresses too. Without a master key the function key opens everything. Without any key everything is open.
/// </summary>
public sealed class HostKeys(IConfiguration configuration)
{
    private const string HeaderName = "x-functions-key";
    private const string QueryName = "code";

    private readonly byte[]? _function = HashOf(configuration["FunctionKey"]);
    private readonly byte[]? _master = HashOf(configuration["MasterKey"]) ?? HashOf(configuration["FunctionKey"]);

    /// <summary>Answers 401 to a request without a valid key, and 403 if its key opens functions only.</summary>
    public RequestDelegate Guard(AuthorizationLevel level, RequestDelegate next) => level is AuthorizationLevel.Anonymous || _master is null ? next : context =>
    {
        var granted = LevelOf(context.Request);
        if (granted >= level)
            return next(context);

        context.Response.StatusCode = granted is AuthorizationLevel.Anonymous ? StatusCodes.Status401Unauthorized : StatusCodes.Status403Forbidden;
        return Task.CompletedTask;
    };

    /// <summary>What a request's key opens. The header goes before the query, even if it is empty.</summary>
    private AuthorizationLevel LevelOf(HttpRequest request)
    {
        var key = HashOf(request.Headers.TryGetValue(HeaderName, out var header) ? header[0] : request.Query[QueryName].FirstOrDefault());
        return IsSame(key, _master) ? AuthorizationLevel.Admin
            : IsSame(key, _function) ? AuthorizationLevel.Function
            : AuthorizationLevel.Anonymous;
    }

    private static bool IsSame(byte[]? left, byte[]? right) => left is not null && right is not null && CryptographicOperations.FixedTimeEquals(left, right);

    private static byte[]? HashOf(string? key) => key is { Length: > 0 } ? SHA256.HashData(Encoding.UTF8.GetBytes(key)) : null;
}
