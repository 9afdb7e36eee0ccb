namespace FinxFunctions.StandIns;

public enum Service
{
    Tables,
    Vault,
    Finx,
}
