namespace FinxFunctions.DevHost.Surroundings;

/// <summary>
/// Ends this process with the one that started it. That one holds the other end of standard input, and the operating system closes it however
/// it ends.
/// </summary>
public static class Parent
{
    /// <summary>Set by a parent that holds standard input open.</summary>
    public const string Setting = "EndWithParent";

    public static void Watch(IConfiguration configuration)
    {
        if (configuration.GetValue<bool>(Setting))
            new Thread(Wait) { IsBackground = true }.Start();
    }

    private static void Wait()
    {
        while (Console.In.Read() >= 0)
        {
        }

        Environment.Exit(1);
    }
}
