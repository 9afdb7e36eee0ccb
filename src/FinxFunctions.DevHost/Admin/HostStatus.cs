namespace FinxFunctions.DevHost.Admin;

/// <summary>The answer of <c>/admin/host/status</c>.</summary>
public sealed record HostStatus(string State, string Version);
