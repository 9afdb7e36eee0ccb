namespace Microsoft.Azure.Functions.Worker;

/// <summary>A function called over HTTP. As in Microsoft.Azure.Functions.Worker.Extensions.Http, where methods alone mean the level Anonymous.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class HttpTriggerAttribute : Attribute
{
    public HttpTriggerAttribute() => AuthLevel = AuthorizationLevel.Function;

    public HttpTriggerAttribute(params string[] methods) => Methods = methods;

    public HttpTriggerAttribute(AuthorizationLevel authLevel) => AuthLevel = authLevel;

    public HttpTriggerAttribute(AuthorizationLevel authLevel, params string[] methods) => (AuthLevel, Methods) = (authLevel, methods);

    /// <summary>Route template under the route prefix; the function's name if not given.</summary>
    public string? Route { get; set; }

    /// <summary>HTTP methods; every one if not given.</summary>
    public string[]? Methods { get; }

    public AuthorizationLevel AuthLevel { get; }
}
