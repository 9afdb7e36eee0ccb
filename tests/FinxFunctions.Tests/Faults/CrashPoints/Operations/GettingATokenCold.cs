namespace FinxFunctions.Tests.Faults.CrashPoints.Operations;

/// <summary>The same at a host with empty caches.</summary>
internal sealed class GettingATokenCold : GettingAToken
{
    public override bool IsCold => true;
}
