namespace FinxSandbox.Tests.Wire;

/// <summary>A request to an address of the sandbox.</summary>
internal sealed record RawRequest(Uri Address, string Method, string Path, string Authorization, string? Body = null);
