<?xml version="1.0"?>
<!-- SPDX-License-Identifier: GPL-2.0-or-later -->
<!-- From an agent's metadata to its manual page. Texts keep their lines; a blank line is a paragraph. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
<xsl:output method="text" encoding="UTF-8"/>
<xsl:param name="date"/>

<!-- No line of a text may begin as a request of mdoc does. -->
<xsl:template name="lines">
  <xsl:param name="text"/>
  <xsl:variable name="rest" select="concat($text, '&#10;')"/>
  <xsl:if test="string-length($text) &gt; 0">
    <xsl:variable name="line" select="normalize-space(substring-before($rest, '&#10;'))"/>
    <xsl:choose>
      <xsl:when test="$line = ''">.Pp</xsl:when>
      <xsl:otherwise>
        <xsl:if test="starts-with($line, '.')">\&amp;</xsl:if>
        <xsl:value-of select="$line"/>
      </xsl:otherwise>
    </xsl:choose>
    <xsl:text>&#10;</xsl:text>
    <xsl:call-template name="lines">
      <xsl:with-param name="text" select="substring-after($text, '&#10;')"/>
    </xsl:call-template>
  </xsl:if>
</xsl:template>

<!-- Without the line that begins and the one that ends it. -->
<xsl:template match="longdesc">
  <xsl:variable name="whole" select="concat(normalize-space(substring(., 1, 1)), substring(., 2))"/>
  <xsl:call-template name="lines">
    <xsl:with-param name="text" select="substring($whole, 1, string-length($whole) - 1)"/>
  </xsl:call-template>
</xsl:template>

<xsl:template match="resource-agent">
  <xsl:variable name="page" select="concat('ocf_qarb_', @name)"/>
  <xsl:text>.\" SPDX-License-Identifier: GPL-2.0-or-later&#10;.\" Made from the agent's metadata.&#10;</xsl:text>
  <xsl:text>.Dd </xsl:text><xsl:value-of select="$date"/>
  <xsl:text>&#10;.Dt </xsl:text>
  <xsl:value-of select="translate($page, 'abcdefghijklmnopqrstuvwxyz', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ')"/>
  <xsl:text> 7&#10;.Os&#10;.Sh NAME&#10;.Nm </xsl:text><xsl:value-of select="$page"/>
  <xsl:text>&#10;.Nd </xsl:text><xsl:value-of select="shortdesc"/>
  <xsl:text>&#10;.Sh SYNOPSIS&#10;.Nm ocf:qarb:</xsl:text><xsl:value-of select="@name"/>
  <xsl:for-each select="parameters/parameter">
    <xsl:text>&#10;.Op Ar </xsl:text><xsl:value-of select="@name"/><xsl:text> Ns = Ns Ar value</xsl:text>
  </xsl:for-each>
  <xsl:text>&#10;.Sh DESCRIPTION&#10;</xsl:text>
  <xsl:apply-templates select="longdesc"/>
  <xsl:text>.Sh PARAMETERS&#10;.Bl -tag -width Ds&#10;</xsl:text>
  <xsl:for-each select="parameters/parameter">
    <xsl:text>.It Ar </xsl:text><xsl:value-of select="@name"/>
    <xsl:text> Pq </xsl:text><xsl:value-of select="content/@type"/>
    <xsl:text>, default </xsl:text><xsl:value-of select="content/@default"/>
    <xsl:text>&#10;</xsl:text>
    <xsl:apply-templates select="longdesc"/>
  </xsl:for-each>
  <xsl:text>.El&#10;.Sh SUPPORTED ACTIONS&#10;Timeouts and intervals are the least that are advised.&#10;.Bl -tag -width Ds&#10;</xsl:text>
  <xsl:for-each select="actions/action">
    <xsl:text>.It Cm </xsl:text><xsl:value-of select="@name"/>
    <xsl:text>&#10;timeout </xsl:text><xsl:value-of select="@timeout"/>
    <xsl:if test="@interval">, interval <xsl:value-of select="@interval"/></xsl:if>
    <xsl:text>&#10;</xsl:text>
  </xsl:for-each>
  <xsl:text>.El&#10;.Sh SEE ALSO&#10;.Xr qarb-crm 8 ,&#10;.Xr qarbctl 8 ,&#10;.Xr qarbd 8&#10;</xsl:text>
</xsl:template>
</xsl:stylesheet>
