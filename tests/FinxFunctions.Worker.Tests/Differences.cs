namespace FinxFunctions.Worker.Tests;

// What differs between the hosts, as the cases and a comparison call by call find it. Everything else is answered alike, to the byte but for
// trace ids and the Server header, which the Functions host leaves out of what it answers itself.
//
// | what                                       | worker under the Functions host           | DevHost                                  | why
// |--------------------------------------------|-------------------------------------------|------------------------------------------|---------------
// | POST /admin/functions/{name} without body  | 415                                       | 202                                      | AdminBody
// | POST /admin/host/drain                     | answered                                  | 404                                      | AdminAddresses
// | a body of more than 100 MB                 | 500; in chunks 413 or 500, what is faster | 413                                      | TooLongForTheHost
// | a setting that is absent                   | the start ends                            | taken from its own surroundings          | Surroundings
// | a caller's own x-ms-invocation-id          | 500 after 15 s: the worker finds no call  | passed over                              | the host's way to tell calls apart
// | GET /, GET /scalar                         | a page of the host; 404                   | the page to try it; the contract         | for people

/// <summary>The reasons for which a case does not ask the same of each host.</summary>
internal static class Differences
{
    public const string Surroundings = "DevHost starts what no setting names, and knows where that is.";

    /// <summary>
    /// What the Functions host answers to a body of more than 100 MB: its own limit makes a failed invocation of it, 500; where the body comes
    /// in chunks the function may have refused it first.
    /// </summary>
    public static readonly int[] TooLongForTheHost = [413, 500];

    public const string AdminBody = "The Functions host wants a JSON object; DevHost also runs a timer without a body, so that a plain curl does.";

    public const string AdminAddresses = "DevHost has no drain: it stops by a signal.";
}
