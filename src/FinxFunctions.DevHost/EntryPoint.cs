using System.Reflection;

namespace FinxFunctions.DevHost;

public static class EntryPoint
{
    /// <summary>Whether this process is DevHost. False in a test, which starts DevHost inside its own process and needs the exceptions.</summary>
    public static bool IsDevHost => Assembly.GetEntryAssembly() == typeof(Program).Assembly;
}
