using FinxFunctions.StandIns;

namespace FinxFunctions.Simulation.Tests;

/// <summary>A time in which a service is down.</summary>
internal sealed record Outage(Service Service, DateTimeOffset From, DateTimeOffset Until, Fault Fault);
