namespace FinxFunctions.Infra.Tests.Scale;

/// <summary>Dollars a month, by what they are paid for.</summary>
internal sealed record Bill(double Instances, double Vaults, double Tables, double Telemetry, double Watching, double Network)
{
    public double Total => Instances + Vaults + Tables + Telemetry + Watching + Network;
}
