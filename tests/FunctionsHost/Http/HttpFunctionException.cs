namespace FunctionsHost.Http;

/// <summary>An HTTP function failed, or its answer did not come through whole.</summary>
internal sealed class HttpFunctionException(string message) : Exception(message);
