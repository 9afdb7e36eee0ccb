namespace FinxFunctions.Tests.Faults.CrashPoints.Operations;

/// <summary>The same at a host that knows nothing yet.</summary>
internal sealed class GettingATokenCold : GettingAToken
{
    public override bool IsCold => true;
}
