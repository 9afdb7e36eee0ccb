using FinxFunctions.KeyVault;
using FinxFunctions.Primitives;

namespace FinxFunctions.Simulation.Tests;

/// <summary>Token pairs made by hand.</summary>
internal static class Pairs
{
    public const string Id = "0123456789abcdef0123456789abcdef";

    public static TokenPair Of(int generation, DateTimeOffset obtainedAt, TimeSpan user, string accessToken = "access") => new(
        Id, generation, new Secret(accessToken), "Bearer", obtainedAt, obtainedAt + user, new Secret("refresh"), obtainedAt, obtainedAt + TimeSpan.FromDays(90), "accounts");
}
