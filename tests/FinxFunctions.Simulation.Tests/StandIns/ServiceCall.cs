namespace FinxFunctions.Simulation.Tests.StandIns;

/// <summary>A remote call, as far as the line that carries it is concerned.</summary>
/// <param name="ConnectionId">The connection that it is made for; empty where it is for none, or for many.</param>
internal readonly record struct ServiceCall(Service Service, string Operation, string ConnectionId);
