using System.Security.Cryptography;
using System.Text;
using Microsoft.Azure.Functions.Worker;

namespace FinxFunctions.DevHost.Triggers;

/// <summary>
/// The one key that calls need, where the setting <c>FunctionKey</c> holds one; it stands for the function keys and the master key of the
/// Functions host, and is sent in the same two ways.
/// </summary>
public sealed class FunctionKey(IConfiguration configuration)
{
    private readonly byte[]? _hash = configuration["FunctionKey"] is { Length: > 0 } key ? Hash(key) : null;

    public RequestDelegate Guard(AuthorizationLevel level, RequestDelegate next) => _hash is null || level == AuthorizationLevel.Anonymous
        ? next
        : context =>
        {
            if (IsHeldBy(context.Request))
                return next(context);

            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return Task.CompletedTask;
        };

    private bool IsHeldBy(HttpRequest request)
    {
        var presented = request.Headers["x-functions-key"] is [{ } header, ..] ? header : request.Query["code"].ToString();
        return CryptographicOperations.FixedTimeEquals(Hash(presented), _hash);
    }

    private static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
