namespace FinxFunctions.Tests.Faults.Simulation.StandIns;

internal enum Service
{
    Tables,
    Vault,
    Finx,
}
