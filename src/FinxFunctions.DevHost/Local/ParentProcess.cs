namespace FinxFunctions.DevHost.Local;

/// <summary>
/// Ends this process with its parent process. The parent holds the other end of standard input. The operating system closes that end however
/// the parent ends.
/// </summary>
public static class ParentProcess
{
    /// <summary>The setting's name. A parent that holds standard input open sets it to true.</summary>
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
