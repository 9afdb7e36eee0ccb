namespace FinxSandbox;

/// <summary>The options in force now. A handler reads <see cref="Current"/> once for each call.</summary>
internal sealed class LiveOptions(SandboxOptions start)
{
    private volatile SandboxOptions _current = start;

    public SandboxOptions Current
    {
        get => _current;
        set => _current = value;
    }
}
