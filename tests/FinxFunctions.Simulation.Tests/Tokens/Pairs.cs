using Finx.Tokens;

namespace FinxFunctions.Simulation.Tests.Tokens;

/// <summary>Token pairs made by hand.</summary>
internal static class Pairs
{
    public const string Id = "0123456789abcdef0123456789abcdef";

    public static TokenPair Of(int generation, DateTimeOffset obtainedAt, TimeSpan life, string accessToken = "access") => new(
        Id, generation, new Secret(accessToken), "Bearer", obtainedAt, obtainedAt + life, new Secret("refresh"), obtainedAt, obtainedAt + TimeSpan.FromDays(90), "accounts");
}
