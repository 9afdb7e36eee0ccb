using System.Reflection;
using Xunit.Sdk;
using Xunit.v3;

namespace FinxFunctions.Worker.Tests.Hosts;

/// <summary>
/// Runs a theory against each host: the worker and DevHost, or the one that the environment names. With values, once for each host and value.
/// </summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
internal sealed class OnEachHostAttribute(params string[] values) : DataAttribute
{
    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(MethodInfo testMethod, DisposalTracker disposalTracker)
    {
        HostKind[] hosts = ExternalHost.Address is null ? [HostKind.Worker, HostKind.DevHost] : [HostKind.External];
        return ValueTask.FromResult<IReadOnlyCollection<ITheoryDataRow>>(values.Length == 0
            ? [.. hosts.Select(host => new TheoryDataRow(host))]
            : [.. from host in hosts from value in values select new TheoryDataRow(host, value)]);
    }

    public override bool SupportsDiscoveryEnumeration() => true;
}
