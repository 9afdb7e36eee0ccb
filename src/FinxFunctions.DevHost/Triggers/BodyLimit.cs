using System.Globalization;
using FinxFunctions.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace FinxFunctions.DevHost.Triggers;

/// <summary>The size of the largest request body, in bytes, as in the Functions host: 100 MB unless its setting says otherwise.</summary>
public sealed class BodyLimit
{
    private const string Setting = "FUNCTIONS_REQUEST_BODY_SIZE_LIMIT";
    private const long Default = 100 * 1024 * 1024;

    private readonly long _bytes;

    /// <exception cref="StartUpException">The setting is not a number.</exception>
    public BodyLimit(IConfiguration configuration) => _bytes = configuration[Setting] switch
    {
        null or "" => Default,
        var value when long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes) => bytes,
        var value => throw new StartUpException($"{Setting}: '{value}' is not a number of bytes, such as {Default}."),
    };

    /// <summary>Makes Kestrel stop reading at the limit, for bodies that do not declare their size.</summary>
    public void Apply(KestrelServerLimits limits) => limits.MaxRequestBodySize = _bytes;

    /// <summary>Answers 413 to a request that declares a larger body.</summary>
    public RequestDelegate Guard(RequestDelegate next) => context =>
    {
        if (!(context.Request.ContentLength > _bytes))
            return next(context);

        context.Response.StatusCode = StatusCodes.Status413PayloadTooLarge;
        return Task.CompletedTask;
    };
}
