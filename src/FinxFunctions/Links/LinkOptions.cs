using System.ComponentModel.DataAnnotations;

namespace FinxFunctions.Links;

/// <summary>How widget links are made, and the addresses that users may be sent to. Section <c>Links</c>.</summary>
public sealed class LinkOptions
{
    public const string Section = "Links";

    /// <summary>The public address of the callback, as registered with Qwist: https (http on a loopback address), no query, no fragment.</summary>
    [Required]
    public Uri? CallbackAddress { get; set; }

    /// <summary>
    /// The addresses that users may be sent to after the widget. A return address has the same scheme, host and port, and its path begins
    /// with these segments. https, or http on a loopback host; a loopback address without a port allows every port.
    /// </summary>
    [Required, MinLength(1)]
    public IList<Uri> AllowedReturnUris { get; } = [];

    /// <summary>The time that a user has to return from the widget.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00")]
    public TimeSpan Lifetime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>The languages of the widget, separated by commas.</summary>
    [Required, LanguageCodes]
    public string Languages { get; set; } = "de,en,es,fr,ar";
}
