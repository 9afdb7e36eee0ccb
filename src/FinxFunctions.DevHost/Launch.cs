using System.Reflection;

namespace FinxFunctions.DevHost;

public static class Launch
{
    /// <summary>Whether a person started DevHost, who reads the console; not a test, which starts it within itself and reads exceptions.</summary>
    public static bool IsByHand => Assembly.GetEntryAssembly() == typeof(Program).Assembly;
}
