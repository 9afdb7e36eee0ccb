using FunctionsHost.Rpc;

namespace FunctionsHost.Workers;

/// <summary>A log record that the worker sent, as a line of text with everything that it holds.</summary>
internal static class WorkerLog
{
    public static string Line(RpcLog log)
    {
        var properties = string.Concat(log.PropertiesMap.Select(property => $" {property.Key}={property.Value.String}{property.Value.Json}"));
        var exception = log.Exception is { } thrown ? $" {thrown.Type}: {thrown.Message} {thrown.StackTrace}" : "";
        return $"{log.Level} {log.Category}[{log.EventId}] {log.Message}{properties}{exception}";
    }
}
