namespace FinxFunctions.Simulation.Tests.StandIns;

internal enum Service
{
    Tables,
    Vault,
    Finx,
}
