namespace FinxFunctions.StandIns;

/// <summary>A remote call, as the network sees it.</summary>
/// <param name="ConnectionId">The connection that it is made for; empty where it is for none, or for many.</param>
public readonly record struct ServiceCall(Service Service, string Operation, string ConnectionId);
