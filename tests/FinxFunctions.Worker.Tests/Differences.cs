namespace FinxFunctions.Worker.Tests;

// What differs between the hosts, as the cases find it. The worker stands for the Functions host too.
//
// | what                                    | worker under the host                     | DevHost                                  | why
// |-----------------------------------------|-------------------------------------------|------------------------------------------|----------------------------------
// | keys                                    | function keys and a master key            | one key, which is both                   | OneKey
// | a function key at an admin address      | 403                                       | 202                                      | OneKey
// | POST /admin/functions/{name}, no JSON   | 415 without a JSON type, 400 without body | 202                                      | AdminBody
// | a setting that is absent                | the start ends                            | taken from its own surroundings          | Surroundings
// | a body of more than 100 MB              | 500; in chunks 413 or 500, whichever first | 413                                     | TooLongForTheHost
// | GET /admin/host/status and /ping        | answered                                  | 404                                      | AdminAddresses

/// <summary>The reasons for which a case does not ask the same of each host.</summary>
internal static class Differences
{
    public const string OneKey = "DevHost knows one key, the setting FunctionKey, which stands for the function keys and the master key.";

    public const string Surroundings = "DevHost starts what no setting names, and knows where that is.";

    /// <summary>
    /// What the Functions host answers to a body of more than 100 MB: its own limit makes a failed invocation of it, 500; where the body comes
    /// in chunks the function may have refused it first.
    /// </summary>
    public static readonly int[] TooLongForTheHost = [413, 500];

    public const string AdminBody = "The Functions host reads {\"input\": ...} and wants it; DevHost's timers take no input.";

    public const string AdminAddresses = "Of the admin addresses DevHost has the one that runs a timer now.";
}
