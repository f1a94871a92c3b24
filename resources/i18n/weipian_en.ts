<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="zh_CN">
  <context>
    <name>DecisionForm</name>
    <message>
      <source>下一个 J</source>
      <translation>Next J</translation>
    </message>
    <message>
      <source>下一个图斑（J 或 N；上一个为 K）</source>
      <translation>Next parcel (J or N; K for the previous one)</translation>
    </message>
    <message>
      <source>依据</source>
      <translation>Basis</translation>
    </message>
    <message>
      <source>写入判定和操作记录</source>
      <translation>Written into the decision and the journal</translation>
    </message>
    <message>
      <source>分类</source>
      <translation>Sub-type</translation>
    </message>
    <message>
      <source>回车确定；与建议相同即采纳，不同即改判，须填理由和依据</source>
      <translation>Enter confirms: the same as proposed is accepted, anything else is an override and needs reason and basis</translation>
    </message>
    <message>
      <source>地块</source>
      <translation>Part</translation>
    </message>
    <message>
      <source>备注</source>
      <translation>Remarks</translation>
    </message>
    <message>
      <source>复核人</source>
      <translation>Reviewer</translation>
    </message>
    <message>
      <source>复核人同意经办人的判定</source>
      <translation>The reviewer agrees with the case officer's decision</translation>
    </message>
    <message>
      <source>复核同意</source>
      <translation>Approve</translation>
    </message>
    <message>
      <source>复核同意或复核退回时签署，写入判定和操作记录</source>
      <translation>Signs when agreeing or sending back; written into the decision and the journal</translation>
    </message>
    <message>
      <source>复核退回</source>
      <translation>Return</translation>
    </message>
    <message>
      <source>如 2023-04-15，可只写年月</source>
      <translation>For example 2023-04-15; year and month alone will do</translation>
    </message>
    <message>
      <source>已填报、上级退回、改判、拆分</source>
      <translation>Filed, returned, re-judged, split</translation>
    </message>
    <message>
      <source>建设时间</source>
      <translation>Built on</translation>
    </message>
    <message>
      <source>批文、条款或照片</source>
      <translation>Approval document, clause or photo</translation>
    </message>
    <message>
      <source>搁置…</source>
      <translation>Postpone…</translation>
    </message>
    <message>
      <source>撤销 U</source>
      <translation>Undo U</translation>
    </message>
    <message>
      <source>撤销最近一次操作（U）</source>
      <translation>Undo the last action (U)</translation>
    </message>
    <message>
      <source>改为其他判定、搁置、退回时必填</source>
      <translation>Required to override, postpone or return</translation>
    </message>
    <message>
      <source>放到某日再办，须填理由</source>
      <translation>Put off until a day; needs a reason</translation>
    </message>
    <message>
      <source>更多</source>
      <translation>More</translation>
    </message>
    <message>
      <source>核实认定意见</source>
      <translation>Category</translation>
    </message>
    <message>
      <source>现场核查描述</source>
      <translation>Field findings</translation>
    </message>
    <message>
      <source>理由</source>
      <translation>Reason</translation>
    </message>
    <message>
      <source>用途分类细化</source>
      <translation>Detailed use</translation>
    </message>
    <message>
      <source>确定</source>
      <translation>Decide</translation>
    </message>
    <message>
      <source>经办人</source>
      <translation>Case officer</translation>
    </message>
    <message>
      <source>退回经办人，须填理由</source>
      <translation>Back to the case officer; needs a reason</translation>
    </message>
    <message>
      <source>采纳建议或改判（在本表单中按 Enter，或任何位置按 Ctrl+Enter）</source>
      <translation>Accept the proposal or override it (Enter in this form, Ctrl+Enter anywhere)</translation>
    </message>
    <message>
      <source>项目主体</source>
      <translation>Project owner</translation>
    </message>
    <message>
      <source>项目名称</source>
      <translation>Project</translation>
    </message>
  </context>
  <context>
    <name>Weipian</name>
    <message>
      <source> [可选]</source>
      <translation> [optional]</translation>
    </message>
    <message>
      <source>2021-11-27 前已有的农村道路翻新，未扩大</source>
      <translation>Rural road from before 2021-11-27 renewed, not enlarged</translation>
    </message>
    <message>
      <source>203 待核</source>
      <translation>Area 203 to be checked</translation>
    </message>
    <message>
      <source>203 范围</source>
      <translation>Area 203</translation>
    </message>
    <message>
      <source>203范围及开天窗</source>
      <translation>Area 203 and its enclaves</translation>
    </message>
    <message>
      <source>A 卫片检索明细表</source>
      <translation>A, detail table</translation>
    </message>
    <message>
      <source>B 图斑列表</source>
      <translation>B, parcel list</translation>
    </message>
    <message>
      <source>CGCS2000 三度带</source>
      <translation>CGCS2000 3-degree zone</translation>
    </message>
    <message>
      <source>Excel 表格</source>
      <translation>Excel workbooks</translation>
    </message>
    <message>
      <source>PostGIS 数据和多人工作库</source>
      <translation>PostGIS layers and team workspaces</translation>
    </message>
    <message>
      <source>Python 组件 {}：{}，需要 {} 或更新；因此「{}」不可用，其他功能不受影响。</source>
      <translation>Python package {}: {}, {} or newer is needed; so “{}” is not available, everything else works.</translation>
    </message>
    <message>
      <source>QGIS 中还没有 PostgreSQL 连接：请在「浏览器」面板的 PostgreSQL 下新建并保存，再回到这里。</source>
      <translation>QGIS has no PostgreSQL connection yet: make and save one in the Browser panel under PostgreSQL, then come back here.</translation>
    </message>
    <message>
      <source>QGIS 保存的连接</source>
      <translation>Connection saved in QGIS</translation>
    </message>
    <message>
      <source>QGIS 安装包</source>
      <translation>QGIS installer</translation>
    </message>
    <message>
      <source>QGIS 里没有保存的 PostgreSQL 连接：请先在「图层 &gt; 数据源管理器 &gt; PostgreSQL」中新建。</source>
      <translation>QGIS has no saved PostgreSQL connection: make one in Layer &gt; Data Source Manager &gt; PostgreSQL.</translation>
    </message>
    <message>
      <source>Word 表单和书面总结</source>
      <translation>Word forms and the written summary</translation>
    </message>
    <message>
      <source>weipian-表样试填</source>
      <translation>weipian-form-trial</translation>
    </message>
    <message>
      <source>{path} 坐标系与坐标不符</source>
      <translation>{path}: the coordinate system does not fit the coordinates</translation>
    </message>
    <message>
      <source>{path} 坐标系无法理解</source>
      <translation>{path}: the coordinate system cannot be understood</translation>
    </message>
    <message>
      <source>{path} 打不开</source>
      <translation>{path} cannot be opened</translation>
    </message>
    <message>
      <source>{path} 没有坐标</source>
      <translation>{path} has no coordinates</translation>
    </message>
    <message>
      <source>{path} 没有坐标系</source>
      <translation>{path} has no coordinate system</translation>
    </message>
    <message>
      <source>{} {} 亩</source>
      <translation>{} {} mu</translation>
    </message>
    <message>
      <source>{} 个图层没有用途，未写入。</source>
      <translation>{} layers have no role and were not written.</translation>
    </message>
    <message>
      <source>{} 个图斑的建议都是「{}」，材料齐全。签署后逐个写入判定和操作记录，可逐个撤销。</source>
      <translation>{} parcels are proposed as “{}” and their evidence is complete. Each gets its own decision and journal entry when you sign, and can be undone by itself.</translation>
    </message>
    <message>
      <source>{} 个请选择用途</source>
      <translation>{} wait for their role</translation>
    </message>
    <message>
      <source>{} 于 {} {}</source>
      <translation>{} on {}: {}</translation>
    </message>
    <message>
      <source>{} 于 {} 填写，未签署：{}</source>
      <translation>{}, typed at {}, not signed: {}</translation>
    </message>
    <message>
      <source>{} 亩</source>
      <translation>{} mu</translation>
    </message>
    <message>
      <source>{} 处有误</source>
      <translation>{} mistakes</translation>
    </message>
    <message>
      <source>{} 已再次下发，原判定不能恢复；撤销将解除并宗。</source>
      <translation>{} was delivered again, so the earlier judgment cannot come back; undoing ends the merge.</translation>
    </message>
    <message>
      <source>{} 已在填报系统中填报。</source>
      <translation>{} has been filled in in the reporting system.</translation>
    </message>
    <message>
      <source>{} 已挂接到 {}。</source>
      <translation>{} attached to {}.</translation>
    </message>
    <message>
      <source>{} 已按此判定，没有改动，未重复签署。</source>
      <translation>{} is decided just so already; nothing was signed again.</translation>
    </message>
    <message>
      <source>{} 张</source>
      <translation>{} ph.</translation>
    </message>
    <message>
      <source>{} 拆分为：{}。拆分后逐块判定。</source>
      <translation>{} is split into: {}. The parts are then decided one by one.</translation>
    </message>
    <message>
      <source>{} 拆分后已逐块判定（{}），撤销拆分将一并撤销这些判定。</source>
      <translation>Parts of {} have been decided since the split ({}); undoing the split undoes these decisions, too.</translation>
    </message>
    <message>
      <source>{} 改为其他结论，须重新判定和复核。</source>
      <translation>{} gets another outcome and must be decided and reviewed again.</translation>
    </message>
    <message>
      <source>{} 被上级退回，须重新判定。</source>
      <translation>{} was returned by a higher level and must be decided again.</translation>
    </message>
    <message>
      <source>{}影像无法打开：{}</source>
      <translation>{} imagery cannot be opened: {}</translation>
    </message>
    <message>
      <source>{}（{}，需要 {} 或更新）</source>
      <translation>{} ({}, {} or newer is needed)</translation>
    </message>
    <message>
      <source>{}（另一插件已先载入）</source>
      <translation>{} (loaded by another plugin)</translation>
    </message>
    <message>
      <source>{}：拆除与补办之和大于应整改</source>
      <translation>{}: removed and regularised exceed what is to be rectified</translation>
    </message>
    <message>
      <source>「{}」不是组件包，没有安装。请选择与插件同处发布的 weipian-packages-….zip。</source>
      <translation>“{}” is no package zip; nothing was installed. Choose the weipian-packages-….zip that is published with the plugin.</translation>
    </message>
    <message>
      <source>一户一宅</source>
      <translation>one household, one homestead</translation>
    </message>
    <message>
      <source>一户一宅证明</source>
      <translation>proof of one household, one homestead</translation>
    </message>
    <message>
      <source>一级</source>
      <translation>level 1</translation>
    </message>
    <message>
      <source>一部分在有效采矿权内，一部分的许可证已过期或晚发：建议拆分</source>
      <translation>Partly within a valid mining right, partly under a licence that has expired or came late: split proposed</translation>
    </message>
    <message>
      <source>一部分按时批准，一部分后时相之后才批准：建议拆分</source>
      <translation>Partly approved in time, partly after the later image: split proposed</translation>
    </message>
    <message>
      <source>一键处理</source>
      <translation>Run the whole chain</translation>
    </message>
    <message>
      <source>三级</source>
      <translation>Third level</translation>
    </message>
    <message>
      <source>上一年度建设用地</source>
      <translation>construction land of the year before</translation>
    </message>
    <message>
      <source>上一张 ←</source>
      <translation>Previous ←</translation>
    </message>
    <message>
      <source>上一步</source>
      <translation>Back</translation>
    </message>
    <message>
      <source>上图入库</source>
      <translation>registered on the map (上图入库)</translation>
    </message>
    <message>
      <source>上级下发的图斑：压缩包、shp、gpkg、gdb、坐标文本，或放着它们的文件夹。</source>
      <translation>The delivered parcels: an archive, shp, gpkg, gdb, coordinate text, or a folder with them.</translation>
    </message>
    <message>
      <source>上级系统回传表（xlsx、csv）</source>
      <translation>Table returned by the higher system (xlsx, csv)</translation>
    </message>
    <message>
      <source>上级系统导出的回传表，用来核对报表。</source>
      <translation>The table exported from the superior system, to compare with.</translation>
    </message>
    <message>
      <source>上级退回</source>
      <translation>Returned by a higher level</translation>
    </message>
    <message>
      <source>上级退回…</source>
      <translation>Returned…</translation>
    </message>
    <message>
      <source>上级退回：{}</source>
      <translation>Returned by a higher level: {}</translation>
    </message>
    <message>
      <source>下一张 →</source>
      <translation>Next →</translation>
    </message>
    <message>
      <source>下一步</source>
      <translation>Next</translation>
    </message>
    <message>
      <source>下发 {}　期限 {}</source>
      <translation>issued {}　due {}</translation>
    </message>
    <message>
      <source>下发数据</source>
      <translation>Delivery</translation>
    </message>
    <message>
      <source>下发数据（文件夹、shp、zip、gdb、gpkg、txt）</source>
      <translation>Delivery (folder, shp, zip, gdb, gpkg, txt)</translation>
    </message>
    <message>
      <source>下发日期</source>
      <translation>date of issue</translation>
    </message>
    <message>
      <source>下发时间</source>
      <translation>issued</translation>
    </message>
    <message>
      <source>下发的编号已用在另一处土地上时怎么办。</source>
      <translation>What to do with a delivered number that is in use for other land.</translation>
    </message>
    <message>
      <source>不动产权证</source>
      <translation>property certificate (不动产权证)</translation>
    </message>
    <message>
      <source>不动产权证书</source>
      <translation>title certificate</translation>
    </message>
    <message>
      <source>不动产权证号</source>
      <translation>title number</translation>
    </message>
    <message>
      <source>不动产登记占比</source>
      <translation>share of real-estate registration</translation>
    </message>
    <message>
      <source>不动产登记按时全部覆盖</source>
      <translation>Registration made in time covers all of it</translation>
    </message>
    <message>
      <source>不动产登记（历史用地）</source>
      <translation>Registration (historic land)</translation>
    </message>
    <message>
      <source>不占用</source>
      <translation>proof that no surface is taken</translation>
    </message>
    <message>
      <source>不占用、不改变地表的证明</source>
      <translation>proof that the surface is neither taken nor changed</translation>
    </message>
    <message>
      <source>不在其中（{} 个）：</source>
      <translation>Not among them ({}):</translation>
    </message>
    <message>
      <source>不接收这些图斑，列入未接收清单，核实编号后再导入</source>
      <translation>Leave these parcels out; they are listed as refused until their numbers are checked</translation>
    </message>
    <message>
      <source>不明</source>
      <translation>unknown</translation>
    </message>
    <message>
      <source>不涉及：{}</source>
      <translation>Not touched: {}</translation>
    </message>
    <message>
      <source>不能写入文件夹 {}，没有安装。请关闭占用它的程序，或检查权限后重试。</source>
      <translation>The folder {} cannot be written; nothing was installed. Close the program that uses it or check its permissions, then try again.</translation>
    </message>
    <message>
      <source>与国家公路网相交</source>
      <translation>meets the national road network</translation>
    </message>
    <message>
      <source>与建议不同：请填写理由和依据（批文、条款或照片）。</source>
      <translation>This differs from the proposal: give the reason and the basis (approval, clause or photo).</translation>
    </message>
    <message>
      <source>与本库不同</source>
      <translation>Different from the workspace</translation>
    </message>
    <message>
      <source>与随插件的相同</source>
      <translation>same as shipped</translation>
    </message>
    <message>
      <source>两时相间批准</source>
      <translation>approved between the images</translation>
    </message>
    <message>
      <source>两者</source>
      <translation>both</translation>
    </message>
    <message>
      <source>个</source>
      <translation>count</translation>
    </message>
    <message>
      <source>临时用地</source>
      <translation>Temporary land</translation>
    </message>
    <message>
      <source>临时用地、设施农用地、宅基地、先行用地或修复项目覆盖，但日期不明或晚于后时相</source>
      <translation>Covered by a temporary, facility, homestead, advance or restoration grant without a date or after the later image</translation>
    </message>
    <message>
      <source>临时用地、设施农用地、宅基地、先行用地或修复项目覆盖，但记录为撤销、注销或未批</source>
      <translation>Covered by temporary land, facility, homestead, advance use or restoration, but the record is withdrawn, cancelled or not approved</translation>
    </message>
    <message>
      <source>临时用地占比</source>
      <translation>share of temporary land</translation>
    </message>
    <message>
      <source>临时用地在有效期内全部覆盖（合法·其他只由人判定）</source>
      <translation>Temporary land within its term covers all of it (lawful, other: by a person only)</translation>
    </message>
    <message>
      <source>临时用地已到期</source>
      <translation>Temporary land has expired</translation>
    </message>
    <message>
      <source>临时用地待核</source>
      <translation>Temporary land to be checked</translation>
    </message>
    <message>
      <source>临时用地批准书（文号、期限、用途）</source>
      <translation>temporary approval (number, term, use)</translation>
    </message>
    <message>
      <source>临时用地批准文号</source>
      <translation>number of the temporary-land approval</translation>
    </message>
    <message>
      <source>临时用地批准文号和期限</source>
      <translation>number and term of the temporary approval</translation>
    </message>
    <message>
      <source>临时用地文件所载用途是永久性建设</source>
      <translation>The temporary land document states a permanent construction</translation>
    </message>
    <message>
      <source>临时用地覆盖但期限不合规</source>
      <translation>Covered by temporary land with an unlawful term</translation>
    </message>
    <message>
      <source>临时用地覆盖，但填报为永久性的非农用途</source>
      <translation>Covered by temporary land, but claimed for permanent non-agricultural use</translation>
    </message>
    <message>
      <source>临时用地覆盖，但触及永久基本农田</source>
      <translation>Covered by temporary land, but touches permanent basic farmland</translation>
    </message>
    <message>
      <source>临时用地逾期</source>
      <translation>Temporary land past its term</translation>
    </message>
    <message>
      <source>临时用地（扣除已批）</source>
      <translation>temporary land (less what is approved)</translation>
    </message>
    <message>
      <source>为什么改</source>
      <translation>why</translation>
    </message>
    <message>
      <source>为图层清单中没有金字塔的大幅影像建立金字塔（影像旁的 .ovr 文件，原文件不变），缩小显示和缩略图从此不再等待。勾选“只预览”时只列出缺少金字塔的影像。可以中途停止，未建完的文件会删除。</source>
      <translation>Builds overviews for the large images of the catalogue that have none (an .ovr file beside the image, which stays as it is), so that nothing waits when they are shown small. With “preview only” the images without overviews are listed. It can be stopped; a file that is half built is removed.</translation>
    </message>
    <message>
      <source>为所选图斑生成外业文件夹：QField、Mergin Maps 可直接打开的工程（图斑锁定、照片子表、中文表单、裁剪后的前后时相影像），手机网页 index.html（位置、导航、待拍方向）和可打印的外业任务单 tasks.html。用数据线或存储卡拷入手机，不需要服务器；图斑和审批资料可能受控，请勿上传公共云。</source>
      <translation>Writes a folder for the field: a project that QField and Mergin Maps open (parcels locked, a child table of photos, a form in Chinese, both images clipped), a page for phones (index.html: place, navigation, photos wanted) and a task sheet to print (tasks.html). Copy it by cable or card; no server is needed. Parcels and approvals may be restricted: do not put them into a public cloud.</translation>
    </message>
    <message>
      <source>为所选图斑逐个导出卷宗：表格、位置图（前后时相影像）、照片与照片登记表、证明材料、矢量和带校验值的清单。历史影像对比（各期影像同一比例尺）按需附上，凭影像证明的图斑总是附上。缺少的材料会列出，未齐全的卷宗标为草稿；中途停止不会留下残缺卷宗。</source>
      <translation>Writes a package for each chosen parcel: forms, location map with the imagery of both dates, photos with their register, documents, vector files, and a manifest with checksums. The history sheet (all dated images at one scale) comes on request, and always where an image is the proof. What is missing is listed and the package marked as a draft; stopping half way leaves no partial package.</translation>
    </message>
    <message>
      <source>主体建筑套合占比</source>
      <translation>share of the main building</translation>
    </message>
    <message>
      <source>主体建筑套合图</source>
      <translation>overlay picture of the main building</translation>
    </message>
    <message>
      <source>主图斑</source>
      <translation>Leading parcel</translation>
    </message>
    <message>
      <source>主图范围</source>
      <translation>Extent of the main map</translation>
    </message>
    <message>
      <source>主要地类</source>
      <translation>main land class</translation>
    </message>
    <message>
      <source>主要地类占比</source>
      <translation>share of the main land class</translation>
    </message>
    <message>
      <source>主送单位</source>
      <translation>Addressee</translation>
    </message>
    <message>
      <source>乡镇</source>
      <translation>Township</translation>
    </message>
    <message>
      <source>二级</source>
      <translation>Second level</translation>
    </message>
    <message>
      <source>亩</source>
      <translation>mu</translation>
    </message>
    <message>
      <source>人工判定</source>
      <translation>Decision</translation>
    </message>
    <message>
      <source>什么会改变结论：</source>
      <translation>What would change the outcome:</translation>
    </message>
    <message>
      <source>仅用于排序和提醒，不作为判定依据</source>
      <translation>for order and warning only, never a ground of decision</translation>
    </message>
    <message>
      <source>从图斑移除登记，文件保留</source>
      <translation>Takes the entry from the parcel; the file stays</translation>
    </message>
    <message>
      <source>从当前工程选取</source>
      <translation>Take from the current project</translation>
    </message>
    <message>
      <source>从当前工程选取…</source>
      <translation>From the project…</translation>
    </message>
    <message>
      <source>代替随插件的文件</source>
      <translation>takes the place of the shipped file</translation>
    </message>
    <message>
      <source>代码</source>
      <translation>Code</translation>
    </message>
    <message>
      <source>以外面积</source>
      <translation>– area outside</translation>
    </message>
    <message>
      <source>以采代探</source>
      <translation>Mining in place of exploration</translation>
    </message>
    <message>
      <source>伪变化</source>
      <translation>Apparent change only</translation>
    </message>
    <message>
      <source>伪变化待核</source>
      <translation>Apparent change to be checked</translation>
    </message>
    <message>
      <source>位置</source>
      <translation>Place</translation>
    </message>
    <message>
      <source>位置不明</source>
      <translation>position unknown</translation>
    </message>
    <message>
      <source>位置图</source>
      <translation>location map</translation>
    </message>
    <message>
      <source>位置图.qpt</source>
      <translation>位置图.qpt</translation>
    </message>
    <message>
      <source>位置图分辨率（dpi）</source>
      <translation>Resolution of location maps (dpi)</translation>
    </message>
    <message>
      <source>位置图加坐标格网</source>
      <translation>Coordinate grid on location maps</translation>
    </message>
    <message>
      <source>位置图已写入 {}</source>
      <translation>Location map written to {}</translation>
    </message>
    <message>
      <source>余量很小或很窄，疑似边角地</source>
      <translation>Remainder very small or narrow: probably a sliver</translation>
    </message>
    <message>
      <source>供地或登记晚于后时相或已到期</source>
      <translation>Supply or registration after the later image, or expired</translation>
    </message>
    <message>
      <source>供地或登记记录为撤销、注销或收回</source>
      <translation>Supply or registration recorded as withdrawn, cancelled or taken back</translation>
    </message>
    <message>
      <source>供地手续</source>
      <translation>Land supply</translation>
    </message>
    <message>
      <source>供地文件（划拨决定书或出让合同）</source>
      <translation>supply document (allocation or contract)</translation>
    </message>
    <message>
      <source>供地文号</source>
      <translation>supply number</translation>
    </message>
    <message>
      <source>供地矢量</source>
      <translation>supply boundary</translation>
    </message>
    <message>
      <source>供地（原有建设用地）</source>
      <translation>Supply of existing construction land</translation>
    </message>
    <message>
      <source>依据</source>
      <translation>Basis</translation>
    </message>
    <message>
      <source>依据已变</source>
      <translation>the ground has changed</translation>
    </message>
    <message>
      <source>依据已变，请重新核对</source>
      <translation>The ground has changed: check again</translation>
    </message>
    <message>
      <source>依据待核</source>
      <translation>Basis to be checked</translation>
    </message>
    <message>
      <source>依次为左半影像、右半影像、差异（红色为明显）。作物收割、阴影、云和影像错位会使数值偏高；仅供参考，不作为判定依据。</source>
      <translation>Left image, right image, differences (red: striking). Harvested crops, shadows, clouds and displaced images raise the figure; a hint only, no ground for a judgment.</translation>
    </message>
    <message>
      <source>依次运行已给出参数的步骤。</source>
      <translation>Runs the steps whose parameters were given, one after another.</translation>
    </message>
    <message>
      <source>依次运行：图斑入库 → 套合分析 → 照片挂接 → 合法性判定建议（需要照片证据）→ 导出卷宗 → 台账与统计。工作库、卷宗和报表未指定时，写入下发数据旁的「卫片成果」文件夹。入库到照片挂接是一个整体：中途停止或出错，工作库保持原样；卷宗逐个完整写入，可以续跑。</source>
      <translation>Runs in turn: intake → overlay → photos → proposals (which need the photos) → packages → registers and statistics. Workspace, packages and tables go into the folder 卫片成果 beside the delivery unless named. Intake to proposals is one whole: stopped or failed, the workspace stays as it was; packages are written one by one and a run can be resumed.</translation>
    </message>
    <message>
      <source>保存</source>
      <translation>Save</translation>
    </message>
    <message>
      <source>保存为字段对照</source>
      <translation>Keep this mapping</translation>
    </message>
    <message>
      <source>保存为字段对照…</source>
      <translation>Keep this mapping…</translation>
    </message>
    <message>
      <source>保存为本县规则</source>
      <translation>Save as the county's</translation>
    </message>
    <message>
      <source>保存图层清单</source>
      <translation>Save the layer catalogue</translation>
    </message>
    <message>
      <source>保存当前筛选…</source>
      <translation>Save this filter…</translation>
    </message>
    <message>
      <source>保存案件</source>
      <translation>Save case</translation>
    </message>
    <message>
      <source>保存筛选</source>
      <translation>Save filter</translation>
    </message>
    <message>
      <source>修复工作库</source>
      <translation>Repair workspace</translation>
    </message>
    <message>
      <source>修复工作库…</source>
      <translation>Repair workspace…</translation>
    </message>
    <message>
      <source>修复治理项目覆盖</source>
      <translation>Covered by a restoration project</translation>
    </message>
    <message>
      <source>修改整改情况</source>
      <translation>rectification changed</translation>
    </message>
    <message>
      <source>修改：{}（{}）</source>
      <translation>Change: {} ({})</translation>
    </message>
    <message>
      <source>值</source>
      <translation>Value</translation>
    </message>
    <message>
      <source>先行用地</source>
      <translation>Advance use</translation>
    </message>
    <message>
      <source>先行用地在有效期内全部覆盖（合法·其他只由人判定）</source>
      <translation>Wholly covered by advance use within its term (lawful, other: decided by a person only)</translation>
    </message>
    <message>
      <source>先行用地待核</source>
      <translation>Advance use to be checked</translation>
    </message>
    <message>
      <source>先行用地批复与正式报批材料</source>
      <translation>advance approval and the formal application</translation>
    </message>
    <message>
      <source>先行用地覆盖</source>
      <translation>Covered by advance use</translation>
    </message>
    <message>
      <source>光伏</source>
      <translation>Photovoltaics</translation>
    </message>
    <message>
      <source>光伏待核</source>
      <translation>Photovoltaics to be checked</translation>
    </message>
    <message>
      <source>光伏：未利用地上待证明，或适用 2021 版过渡情形</source>
      <translation>Photovoltaics: proof wanted on unused land, or transition of 2021</translation>
    </message>
    <message>
      <source>兜底：非农违法</source>
      <translation>Otherwise: illegal, non-agricultural</translation>
    </message>
    <message>
      <source>全国 2023（合法 / 违法 / 其他）</source>
      <translation>National 2023 (lawful / illegal / other)</translation>
    </message>
    <message>
      <source>全部</source>
      <translation>All</translation>
    </message>
    <message>
      <source>全部 {} 个图斑</source>
      <translation>All {} parcels</translation>
    </message>
    <message>
      <source>全部 {} 条</source>
      <translation>all {} rows</translation>
    </message>
    <message>
      <source>全部位于有效采矿权范围内</source>
      <translation>Wholly inside a valid mining right</translation>
    </message>
    <message>
      <source>全部填入</source>
      <translation>take over all</translation>
    </message>
    <message>
      <source>全部表格</source>
      <translation>all tables</translation>
    </message>
    <message>
      <source>全部计算</source>
      <translation>all computation</translation>
    </message>
    <message>
      <source>公共管理和公共服务</source>
      <translation>Public administration and services</translation>
    </message>
    <message>
      <source>公安机关</source>
      <translation>Police</translation>
    </message>
    <message>
      <source>公顷</source>
      <translation>ha</translation>
    </message>
    <message>
      <source>共 {} 个图斑，{} 亩</source>
      <translation>{} parcels, {} mu</translation>
    </message>
    <message>
      <source>关于…</source>
      <translation>About…</translation>
    </message>
    <message>
      <source>关于卫片</source>
      <translation>About Weipian</translation>
    </message>
    <message>
      <source>关闭</source>
      <translation>Close</translation>
    </message>
    <message>
      <source>关闭工作库</source>
      <translation>Close workspace</translation>
    </message>
    <message>
      <source>其他</source>
      <translation>Other (其他)</translation>
    </message>
    <message>
      <source>其他待核</source>
      <translation>Other, to be checked</translation>
    </message>
    <message>
      <source>其他机关</source>
      <translation>Other authority</translation>
    </message>
    <message>
      <source>其他违法用地</source>
      <translation>Other illegal land use</translation>
    </message>
    <message>
      <source>其余列入疑似违法；恰为 70% 时旧口径两不列，这里明确列入疑似</source>
      <translation>All others are suspected; exactly 70 % counts as suspected here</translation>
    </message>
    <message>
      <source>内容</source>
      <translation>Content</translation>
    </message>
    <message>
      <source>内容不同，未改本库</source>
      <translation>different text; the workspace is kept</translation>
    </message>
    <message>
      <source>再次下发</source>
      <translation>Delivered again</translation>
    </message>
    <message>
      <source>写入工作库，所有表册、统计表和总结共用；没有填写的，纸上留空手填。未设置四眼原则时，卷宗按须两人检查。</source>
      <translation>Written into the workspace and shared by all forms, tables and the summary; what is left blank is a line to fill by hand. While four eyes are not set, packages are checked as if two persons were needed.</translation>
    </message>
    <message>
      <source>农业结构调整</source>
      <translation>Change of crops</translation>
    </message>
    <message>
      <source>农业结构调整待核</source>
      <translation>Change of crops to be checked</translation>
    </message>
    <message>
      <source>农村土坟</source>
      <translation>Rural graves</translation>
    </message>
    <message>
      <source>农村宅基地</source>
      <translation>Rural homestead</translation>
    </message>
    <message>
      <source>农村宅基地：地类 0702</source>
      <translation>Rural homestead: class 0702</translation>
    </message>
    <message>
      <source>农村宅基地：宅基地审批按时覆盖</source>
      <translation>Rural homestead: covered by an approval in time</translation>
    </message>
    <message>
      <source>农村道路</source>
      <translation>Rural road</translation>
    </message>
    <message>
      <source>农村道路图层覆盖，但填报为非农用途</source>
      <translation>Covered by the rural road layer, but a non-agricultural use is filled in</translation>
    </message>
    <message>
      <source>农村道路图层覆盖，但记录为废弃或未建，或路名是公路，或某处宽过路口所需（附带场地）</source>
      <translation>Covered by the rural-road layer, but recorded as abandoned or not built, named as a highway, or somewhere wider than a junction needs (yard attached)</translation>
    </message>
    <message>
      <source>农村道路待核</source>
      <translation>Rural road to be checked</translation>
    </message>
    <message>
      <source>农村道路翻新（实地未变化）</source>
      <translation>Rural road renewed (ground unchanged)</translation>
    </message>
    <message>
      <source>农村道路，但填报为非农用途</source>
      <translation>Rural road, but a non-agricultural use is filled in</translation>
    </message>
    <message>
      <source>农村道路，但触及永久基本农田</source>
      <translation>Rural road, but touches permanent basic farmland</translation>
    </message>
    <message>
      <source>农村道路，宽度合规，不在国家公路网内</source>
      <translation>Rural road, width within limits, not in the national network</translation>
    </message>
    <message>
      <source>农村道路：宽度在上下限内，不在国家公路网内</source>
      <translation>Rural road: width within limits, not in the national network</translation>
    </message>
    <message>
      <source>农村道路：未加载国家公路网</source>
      <translation>Rural road: national network not loaded</translation>
    </message>
    <message>
      <source>农用地</source>
      <translation>agricultural land</translation>
    </message>
    <message>
      <source>农用地转用批准</source>
      <translation>Conversion of farmland approved</translation>
    </message>
    <message>
      <source>农用地转用（征收）批文</source>
      <translation>conversion (expropriation) approval</translation>
    </message>
    <message>
      <source>农用地转用（征收）批文按时全部覆盖</source>
      <translation>Conversion approvals in time cover all of it</translation>
    </message>
    <message>
      <source>农转用与增减挂钩合并后按时全部覆盖</source>
      <translation>Conversion and linkage together cover all of it in time</translation>
    </message>
    <message>
      <source>出入口</source>
      <translation>Entrance</translation>
    </message>
    <message>
      <source>出入口待核</source>
      <translation>Entrance to be checked</translation>
    </message>
    <message>
      <source>出入口（不大于 2 亩）：主体建筑套合与未套合耕地均合规，并有主体建筑套合图</source>
      <translation>Entrance up to 2 mu: building and farmland within limits, with a picture of the building</translation>
    </message>
    <message>
      <source>出入口（大于 2 亩）：套合与未套合耕地均合规</source>
      <translation>Entrance over 2 mu: covered and uncovered farmland within limits</translation>
    </message>
    <message>
      <source>分类</source>
      <translation>Sub-type</translation>
    </message>
    <message>
      <source>列对照（编号=…; 问题=…; 意见=…; 期限=…；空为自动识别）</source>
      <translation>Columns (编号=…; 问题=…; 意见=…; 期限=…; blank: recognised)</translation>
    </message>
    <message>
      <source>删除已存筛选…</source>
      <translation>Delete a saved filter…</translation>
    </message>
    <message>
      <source>删除筛选</source>
      <translation>Delete filter</translation>
    </message>
    <message>
      <source>判定</source>
      <translation>Decision</translation>
    </message>
    <message>
      <source>判定后自动到下一个图斑</source>
      <translation>Go on to the next parcel once one is decided</translation>
    </message>
    <message>
      <source>判定建议</source>
      <translation>Proposal</translation>
    </message>
    <message>
      <source>判定规则</source>
      <translation>Rules</translation>
    </message>
    <message>
      <source>判定规则与本县设置</source>
      <translation>Rules and county settings</translation>
    </message>
    <message>
      <source>判定规则与本县设置…</source>
      <translation>Rules and county settings…</translation>
    </message>
    <message>
      <source>判定规则（名称或 yaml 文件）</source>
      <translation>Rules (name or yaml file)</translation>
    </message>
    <message>
      <source>判定规则：选一套，或指向自己的 yaml 文件。留空则用设置中的规则。</source>
      <translation>The rules: choose a set or name a yaml file. Blank: those of the options.</translation>
    </message>
    <message>
      <source>制表人</source>
      <translation>Made by</translation>
    </message>
    <message>
      <source>前 {} 条</source>
      <translation>the first {} rows</translation>
    </message>
    <message>
      <source>前后时相日期矛盾</source>
      <translation>Image dates contradict each other</translation>
    </message>
    <message>
      <source>前时相</source>
      <translation>Earlier image</translation>
    </message>
    <message>
      <source>前时相 {}　后时相 {}</source>
      <translation>earlier image {}　later image {}</translation>
    </message>
    <message>
      <source>前时相、后时相、差异（越红差异越大）</source>
      <translation>Earlier image, later image, difference (the redder, the larger)</translation>
    </message>
    <message>
      <source>前时相前已批</source>
      <translation>approved before the earlier image</translation>
    </message>
    <message>
      <source>前时相前已是建设用地（伪变化只由人判定）</source>
      <translation>Construction land before the earlier image (apparent change: by a person only)</translation>
    </message>
    <message>
      <source>前时相前已是建设用地，且前时相前登记发证全部覆盖</source>
      <translation>Construction land and fully registered before the earlier image</translation>
    </message>
    <message>
      <source>前时相前已是建设用地，但填报的建设时间在前时相之后</source>
      <translation>Construction land before the earlier image, but the building time filled in is after it</translation>
    </message>
    <message>
      <source>前时相前已是建设用地，但填报的用途与调查地类不符，或触及永久基本农田</source>
      <translation>Built-up before the earlier image, but the stated use contradicts the surveyed class, or permanent basic farmland is touched</translation>
    </message>
    <message>
      <source>前时相前已是建设用地，但影像首见晚于前时相</source>
      <translation>Built before the earlier image, but first seen on images after it</translation>
    </message>
    <message>
      <source>前时相前已是建设用地，但有晚批、失效、撤销或日期不明的批文，或填报的建设时间早于批文</source>
      <translation>Built-up before the earlier image, but with a document that is late, no longer in force, withdrawn or undated, or building stated before the document</translation>
    </message>
    <message>
      <source>前时相前已是建设用地，供地按时全部覆盖</source>
      <translation>Construction land before the earlier image, supply in time covers all of it</translation>
    </message>
    <message>
      <source>前时相前已是建设用地，有照片或影像</source>
      <translation>Construction land before the earlier image, with photo or image</translation>
    </message>
    <message>
      <source>前时相前已是建设用地，没有照片或影像证明未变化</source>
      <translation>Construction land before the earlier image, nothing proves that it is unchanged</translation>
    </message>
    <message>
      <source>前时相影像</source>
      <translation>Earlier imagery</translation>
    </message>
    <message>
      <source>前时相影像来源</source>
      <translation>Source of the earlier imagery</translation>
    </message>
    <message>
      <source>前时相或历史影像截图</source>
      <translation>picture of the earlier or a historic image</translation>
    </message>
    <message>
      <source>前期编号</source>
      <translation>earlier number</translation>
    </message>
    <message>
      <source>剩余</source>
      <translation>Remaining</translation>
    </message>
    <message>
      <source>加入 {} 个图层</source>
      <translation>{} layers added</translation>
    </message>
    <message>
      <source>动工时间证明</source>
      <translation>proof of when work began</translation>
    </message>
    <message>
      <source>勘查许可范围内</source>
      <translation>Inside an exploration licence</translation>
    </message>
    <message>
      <source>勘测询问</source>
      <translation>Survey and questioning</translation>
    </message>
    <message>
      <source>勾选要加入清单的图层。</source>
      <translation>Tick the layers to put into the catalogue.</translation>
    </message>
    <message>
      <source>区级核查、督导或验收反馈给的问题图斑清单，任何版式；须有图斑编号和问题两列。</source>
      <translation>The list of problem parcels that the district gave, in any layout; it needs columns for the number and the problem.</translation>
    </message>
    <message>
      <source>单一依据最大覆盖占比</source>
      <translation>largest share covered by one legal basis</translation>
    </message>
    <message>
      <source>单位</source>
      <translation>Unit</translation>
    </message>
    <message>
      <source>单位设置</source>
      <translation>Office</translation>
    </message>
    <message>
      <source>单位设置…</source>
      <translation>Office…</translation>
    </message>
    <message>
      <source>占基本农田面积</source>
      <translation>permanent basic farmland taken</translation>
    </message>
    <message>
      <source>占未利用地面积</source>
      <translation>unused land taken</translation>
    </message>
    <message>
      <source>占比</source>
      <translation>share</translation>
    </message>
    <message>
      <source>占生态红线面积</source>
      <translation>ecological redline taken</translation>
    </message>
    <message>
      <source>占耕地面积</source>
      <translation>farmland taken</translation>
    </message>
    <message>
      <source>占非耕农用地面积</source>
      <translation>other agricultural land taken</translation>
    </message>
    <message>
      <source>卫片</source>
      <translation>Weipian</translation>
    </message>
    <message>
      <source>卫片图斑</source>
      <translation>Weipian parcels</translation>
    </message>
    <message>
      <source>卫片外业核查</source>
      <translation>Weipian field verification</translation>
    </message>
    <message>
      <source>卫片成果</source>
      <translation>卫片成果</translation>
    </message>
    <message>
      <source>卫片手册</source>
      <translation>Weipian manual</translation>
    </message>
    <message>
      <source>卫片执法</source>
      <translation>Weipian land enforcement</translation>
    </message>
    <message>
      <source>卫片执法图斑核查</source>
      <translation>Satellite-imagery land enforcement</translation>
    </message>
    <message>
      <source>卫片核查</source>
      <translation>Weipian review</translation>
    </message>
    <message>
      <source>卫片核查面板</source>
      <translation>Weipian review panel</translation>
    </message>
    <message>
      <source>卫片统计</source>
      <translation>Weipian overview</translation>
    </message>
    <message>
      <source>卫片诊断信息</source>
      <translation>Weipian diagnosis</translation>
    </message>
    <message>
      <source>印在各表下方，加盖公章</source>
      <translation>Below every table, with the seal</translation>
    </message>
    <message>
      <source>卷宗</source>
      <translation>Packages</translation>
    </message>
    <message>
      <source>卷宗内的文件名不带图斑编号（文件夹较深、路径过长时）</source>
      <translation>No parcel number in the names of a package's files (for folders that lie deep)</translation>
    </message>
    <message>
      <source>卷宗写到这个文件夹，每个图斑一个子文件夹。</source>
      <translation>Packages are written to this folder, one subfolder a parcel.</translation>
    </message>
    <message>
      <source>卷宗已导出到 {}</source>
      <translation>Packages written to {}</translation>
    </message>
    <message>
      <source>卷宗文件夹</source>
      <translation>Folder of packages</translation>
    </message>
    <message>
      <source>卷宗输出文件夹</source>
      <translation>Folder for packages</translation>
    </message>
    <message>
      <source>卷宗：{}</source>
      <translation>Package: {}</translation>
    </message>
    <message>
      <source>卷帘对比</source>
      <translation>Compare by swipe</translation>
    </message>
    <message>
      <source>厂房类</source>
      <translation>Factory buildings</translation>
    </message>
    <message>
      <source>历史影像对比</source>
      <translation>History sheet</translation>
    </message>
    <message>
      <source>历史遗留或治理恢复</source>
      <translation>Legacy site or restoration</translation>
    </message>
    <message>
      <source>压缩包</source>
      <translation>Archives</translation>
    </message>
    <message>
      <source>原因</source>
      <translation>Reason</translation>
    </message>
    <message>
      <source>原文件名</source>
      <translation>Original file</translation>
    </message>
    <message>
      <source>原有建设用地待核</source>
      <translation>Existing construction land to be checked</translation>
    </message>
    <message>
      <source>县</source>
      <translation>County</translation>
    </message>
    <message>
      <source>县代码</source>
      <translation>county code</translation>
    </message>
    <message>
      <source>县级说明</source>
      <translation>statement of the county</translation>
    </message>
    <message>
      <source>发现情况</source>
      <translation>What was found</translation>
    </message>
    <message>
      <source>发票</source>
      <translation>invoice</translation>
    </message>
    <message>
      <source>取地图中心</source>
      <translation>Take the map's centre</translation>
    </message>
    <message>
      <source>取消</source>
      <translation>Cancel</translation>
    </message>
    <message>
      <source>取消统计图上的筛选</source>
      <translation>Drop the overview's filter</translation>
    </message>
    <message>
      <source>变化</source>
      <translation>Change</translation>
    </message>
    <message>
      <source>变化不明显</source>
      <translation>no striking change</translation>
    </message>
    <message>
      <source>变化待核</source>
      <translation>Change to be checked</translation>
    </message>
    <message>
      <source>变化提示 {}（0–1）。</source>
      <translation>Change hint {} (0–1). </translation>
    </message>
    <message>
      <source>变化明显</source>
      <translation>striking change</translation>
    </message>
    <message>
      <source>另一窗口修改了工作库，已重新读取。</source>
      <translation>Another window has changed the workspace; it was read again.</translation>
    </message>
    <message>
      <source>另存为…</source>
      <translation>Save as…</translation>
    </message>
    <message>
      <source>另装</source>
      <translation>installed separately</translation>
    </message>
    <message>
      <source>只处理一部分：图斑编号用逗号或空格分隔，或 QGIS 表达式，例如 "township" = '大安街道'。</source>
      <translation>Some parcels only: numbers with commas or spaces between them, or a QGIS expression on the columns of the parcels.</translation>
    </message>
    <message>
      <source>只有供地或登记，未见农转用批文</source>
      <translation>Supply or registration only, no conversion approval found</translation>
    </message>
    <message>
      <source>只比较和报告，不改动工作库。</source>
      <translation>Compare and report only, change nothing in the workspace.</translation>
    </message>
    <message>
      <source>只预览，不写入</source>
      <translation>Preview only, write nothing</translation>
    </message>
    <message>
      <source>可以先判定；填报前还须填写：{}</source>
      <translation>You may decide now; to be filled in before filing: {}</translation>
    </message>
    <message>
      <source>可以取消：取消后工作库保持原样；已写完的卷宗保留。</source>
      <translation>You can cancel: the workspace stays as it was; packages already written are kept.</translation>
    </message>
    <message>
      <source>可信度</source>
      <translation>Confidence</translation>
    </message>
    <message>
      <source>可用</source>
      <translation>Good</translation>
    </message>
    <message>
      <source>可用的字段（双击复制）</source>
      <translation>Fields to use (double-click copies)</translation>
    </message>
    <message>
      <source>可靠性</source>
      <translation>Reliability</translation>
    </message>
    <message>
      <source>台账与统计</source>
      <translation>Registers and statistics</translation>
    </message>
    <message>
      <source>台账与统计…</source>
      <translation>Registers and statistics…</translation>
    </message>
    <message>
      <source>台账已写入 {}</source>
      <translation>Registers written to {}</translation>
    </message>
    <message>
      <source>右</source>
      <translation>right</translation>
    </message>
    <message>
      <source>合同</source>
      <translation>contract (合同)</translation>
    </message>
    <message>
      <source>合法</source>
      <translation>Legal (合法)</translation>
    </message>
    <message>
      <source>合法清单</source>
      <translation>Lawful list</translation>
    </message>
    <message>
      <source>合法用地批文</source>
      <translation>document of lawful use</translation>
    </message>
    <message>
      <source>合法矿区内的矿山修复治理</source>
      <translation>Mine restoration inside a lawful mining area</translation>
    </message>
    <message>
      <source>同一编号重复，只取第一行</source>
      <translation>the same number twice; only the first row counts</translation>
    </message>
    <message>
      <source>同时导出卷宗和报表</source>
      <translation>Write packages and tables as well</translation>
    </message>
    <message>
      <source>名称</source>
      <translation>Name</translation>
    </message>
    <message>
      <source>名称（下次遇到相同字段的数据会自动采用）</source>
      <translation>Name (it is used again for data with the same columns)</translation>
    </message>
    <message>
      <source>后时相</source>
      <translation>Later image</translation>
    </message>
    <message>
      <source>后时相之后才发证</source>
      <translation>Licence issued only after the later image</translation>
    </message>
    <message>
      <source>后时相之后才批准（补办）</source>
      <translation>Approved only after the later image (regularised)</translation>
    </message>
    <message>
      <source>后时相之后照片数</source>
      <translation>photos after the later image</translation>
    </message>
    <message>
      <source>后时相后批准（补办）</source>
      <translation>approved after the later image (made up for)</translation>
    </message>
    <message>
      <source>后时相影像</source>
      <translation>Later imagery</translation>
    </message>
    <message>
      <source>后时相影像来源</source>
      <translation>Source of the later imagery</translation>
    </message>
    <message>
      <source>否</source>
      <translation>no</translation>
    </message>
    <message>
      <source>否：一人即可</source>
      <translation>No: one person is enough</translation>
    </message>
    <message>
      <source>四眼原则</source>
      <translation>Four eyes</translation>
    </message>
    <message>
      <source>回传表</source>
      <translation>Returned table</translation>
    </message>
    <message>
      <source>回传表 (*.xlsx *.csv)</source>
      <translation>Returned table (*.xlsx *.csv)</translation>
    </message>
    <message>
      <source>回传表中没有这个图斑</source>
      <translation>not in the returned table</translation>
    </message>
    <message>
      <source>回传表为空，未改本库</source>
      <translation>blank in the table; the workspace is kept</translation>
    </message>
    <message>
      <source>回传表是哪一种；一般留空，按列名识别。</source>
      <translation>Which kind of returned table; usually blank, told by its columns.</translation>
    </message>
    <message>
      <source>回传表类别（A 卫片检索明细表、B 图斑列表；空为按列名识别）</source>
      <translation>Family of the returned table (A 卫片检索明细表, B 图斑列表; blank: by its columns)</translation>
    </message>
    <message>
      <source>回执</source>
      <translation>Receipt</translation>
    </message>
    <message>
      <source>国家级</source>
      <translation>national</translation>
    </message>
    <message>
      <source>国省干道</source>
      <translation>National or provincial road</translation>
    </message>
    <message>
      <source>图例</source>
      <translation>Legend</translation>
    </message>
    <message>
      <source>图层</source>
      <translation>Layer</translation>
    </message>
    <message>
      <source>图层不全</source>
      <translation>Layers missing</translation>
    </message>
    <message>
      <source>图层与规则</source>
      <translation>Layers and rules</translation>
    </message>
    <message>
      <source>图层已加载</source>
      <translation>layer is loaded</translation>
    </message>
    <message>
      <source>图层检查</source>
      <translation>layer check</translation>
    </message>
    <message>
      <source>图层清单</source>
      <translation>Layer catalogue</translation>
    </message>
    <message>
      <source>图层清单 (*.yaml *.yml)</source>
      <translation>Layer catalogue (*.yaml *.yml)</translation>
    </message>
    <message>
      <source>图层清单.yaml</source>
      <translation>图层清单.yaml</translation>
    </message>
    <message>
      <source>图层清单…</source>
      <translation>Layer catalogue…</translation>
    </message>
    <message>
      <source>图层清单中没有可用的{}影像（角色 {}），无法对比。</source>
      <translation>The layer catalogue has no usable imagery for: {} (role {}); nothing to compare.</translation>
    </message>
    <message>
      <source>图层清单检查</source>
      <translation>Check the layer catalogue</translation>
    </message>
    <message>
      <source>图层清单说明每个图层的用途和来源：添加本县的图层，软件建议用途，由你确认。不用图层时只做图斑入库。</source>
      <translation>The catalogue says what each layer is for and where it is: add the county's layers, roles are proposed, you confirm. Without layers parcels are only taken in.</translation>
    </message>
    <message>
      <source>图层清单（yaml）</source>
      <translation>Layer catalogue (yaml)</translation>
    </message>
    <message>
      <source>图层清单：审批和调查图层在哪里、字段叫什么。在「卫片」菜单「图层清单…」里编辑。留空则用工作库记住的清单。</source>
      <translation>Where the approval and survey layers are and what their fields are called; edited in the menu of the plugin. Blank: the one the workspace remembers.</translation>
    </message>
    <message>
      <source>图层里没有要素</source>
      <translation>The layer has no features</translation>
    </message>
    <message>
      <source>图形与套合分析</source>
      <translation>shapes and overlay</translation>
    </message>
    <message>
      <source>图斑</source>
      <translation>Parcels</translation>
    </message>
    <message>
      <source>图斑不在本县范围</source>
      <translation>Parcel lies outside the county</translation>
    </message>
    <message>
      <source>图斑与图层</source>
      <translation>parcels and layers</translation>
    </message>
    <message>
      <source>图斑信息</source>
      <translation>Parcel</translation>
    </message>
    <message>
      <source>图斑内全无地类，疑在调查范围之外</source>
      <translation>No land class inside: probably outside the survey</translation>
    </message>
    <message>
      <source>图斑周边</source>
      <translation>around the parcel</translation>
    </message>
    <message>
      <source>图斑异常</source>
      <translation>Irregular parcel</translation>
    </message>
    <message>
      <source>图斑很多时用几个进程同时导出；留空为一个，auto 为每个处理器核心一个。</source>
      <translation>How many processes export at the same time when there are many parcels; blank is one, auto is one a core.</translation>
    </message>
    <message>
      <source>图斑很窄或很小，疑似批准项目旁的边角</source>
      <translation>Very narrow or small: probably a sliver beside an approved project</translation>
    </message>
    <message>
      <source>图斑状态</source>
      <translation>Parcel status</translation>
    </message>
    <message>
      <source>图斑种类</source>
      <translation>kind of parcel</translation>
    </message>
    <message>
      <source>图斑筛选（编号列表或 QGIS 表达式，空为全部）</source>
      <translation>Parcels (list of numbers or QGIS expression; blank for all)</translation>
    </message>
    <message>
      <source>图斑类别（land 土地、mining 矿产；空为自动识别）</source>
      <translation>Kind of parcels (land or mining; blank = found out)</translation>
    </message>
    <message>
      <source>图斑编号</source>
      <translation>Parcel</translation>
    </message>
    <message>
      <source>图斑编号，几个之间用顿号隔开；地块写作 编号_1</source>
      <translation>Numbers of parcels, several with 、 between them; a part is written number_1</translation>
    </message>
    <message>
      <source>图斑队列.xlsx</source>
      <translation>parcels.xlsx</translation>
    </message>
    <message>
      <source>图斑面积</source>
      <translation>parcel area</translation>
    </message>
    <message>
      <source>圈占/堆放压占</source>
      <translation>Enclosed or used for storage</translation>
    </message>
    <message>
      <source>土地</source>
      <translation>land</translation>
    </message>
    <message>
      <source>土地供应占比</source>
      <translation>share of land supply</translation>
    </message>
    <message>
      <source>土地供应批准文号</source>
      <translation>number of the land-supply approval</translation>
    </message>
    <message>
      <source>土地供应按时全部覆盖</source>
      <translation>Land supply given in time covers all of it</translation>
    </message>
    <message>
      <source>土地图斑或矿产图斑；一般留空，自动识别。</source>
      <translation>Land or mining parcels; usually blank.</translation>
    </message>
    <message>
      <source>土地复垦方案或保证金凭证</source>
      <translation>reclamation plan or receipt of the deposit</translation>
    </message>
    <message>
      <source>在上图入库范围内、用途不明、四项材料齐全：放宽认定，持续跟踪</source>
      <translation>Inside a registered facility, use unclear, all four documents there: relaxed finding, kept under watch</translation>
    </message>
    <message>
      <source>在上图入库范围内、用途不明、材料不全</source>
      <translation>Inside a registered facility, use unclear, documents incomplete</translation>
    </message>
    <message>
      <source>在上图入库范围内或地类为设施农用地，但填报为非农用途</source>
      <translation>Within registered facility land or of that land class, but a non-agricultural use is filled in</translation>
    </message>
    <message>
      <source>在所选文件夹中生成一个完整的示例县：下发图斑、套合图层与图层清单、前后时相影像、照片和标准答案，供试用和测试。</source>
      <translation>Makes a complete sample county in the chosen folder: delivery, layers with their catalogue, imagery of two dates, photos and the right answers, for trying and testing.</translation>
    </message>
    <message>
      <source>在手册中查找，Enter 到下一处</source>
      <translation>Search the manual, Enter for the next place</translation>
    </message>
    <message>
      <source>在线影像</source>
      <translation>Online</translation>
    </message>
    <message>
      <source>在线影像未列入：</source>
      <translation>Online imagery left out: </translation>
    </message>
    <message>
      <source>地下管廊（网）</source>
      <translation>Underground utility corridor</translation>
    </message>
    <message>
      <source>地图上图斑的着色</source>
      <translation>Colours of the parcels on the map</translation>
    </message>
    <message>
      <source>地图中心无法换算为经纬度。</source>
      <translation>The centre of the map cannot be turned into longitude and latitude.</translation>
    </message>
    <message>
      <source>地块</source>
      <translation>Part</translation>
    </message>
    <message>
      <source>地块面积</source>
      <translation>area of the plot</translation>
    </message>
    <message>
      <source>地方城镇道路</source>
      <translation>Local or town road</translation>
    </message>
    <message>
      <source>地点</source>
      <translation>Place</translation>
    </message>
    <message>
      <source>地类为设施农用地，但备案已撤销、到期、晚于后时相或日期不明</source>
      <translation>Classed as facility agriculture, but the filing was withdrawn, has expired, is later than the later image or undated</translation>
    </message>
    <message>
      <source>地类图斑重叠</source>
      <translation>overlap of survey polygons</translation>
    </message>
    <message>
      <source>地类待核</source>
      <translation>Land class to be checked</translation>
    </message>
    <message>
      <source>地类（实地，否则套合）</source>
      <translation>land class (on the ground, else measured)</translation>
    </message>
    <message>
      <source>坐标格网</source>
      <translation>Coordinate grid</translation>
    </message>
    <message>
      <source>坐标系</source>
      <translation>CRS</translation>
    </message>
    <message>
      <source>城乡建设用地增减挂钩</source>
      <translation>Linked increase and decrease of construction land</translation>
    </message>
    <message>
      <source>城镇住宅</source>
      <translation>Urban housing</translation>
    </message>
    <message>
      <source>城镇村属性</source>
      <translation>urban or village attribute</translation>
    </message>
    <message>
      <source>城镇村属性201–205</source>
      <translation>urban or village attribute 201–205</translation>
    </message>
    <message>
      <source>城镇村属性203</source>
      <translation>urban or village attribute 203</translation>
    </message>
    <message>
      <source>基础库城镇村属性 203</source>
      <translation>village attribute 203 in the base data</translation>
    </message>
    <message>
      <source>填入</source>
      <translation>take over</translation>
    </message>
    <message>
      <source>填写内容</source>
      <translation>Filled in</translation>
    </message>
    <message>
      <source>填报</source>
      <translation>claimed</translation>
    </message>
    <message>
      <source>填报 203，套合不支持</source>
      <translation>Claimed as area 203, not supported by the overlay</translation>
    </message>
    <message>
      <source>填报为伪变化</source>
      <translation>Claimed as apparent change</translation>
    </message>
    <message>
      <source>填报为其他中的某一类，字段和套合不能支持（只填「其他」的什么也没有主张）</source>
      <translation>Claimed as one of the kinds of other, not supported by fields and overlay (other alone claims nothing)</translation>
    </message>
    <message>
      <source>填报为军事、涉密等特殊用地</source>
      <translation>Claimed as military or other special land</translation>
    </message>
    <message>
      <source>填报为边角细缝，且批文按时覆盖后的余量确为边角</source>
      <translation>Claimed as a sliver, and what approvals in time leave is one</translation>
    </message>
    <message>
      <source>填报为非农用途</source>
      <translation>claimed use is not agricultural</translation>
    </message>
    <message>
      <source>填报农村宅基地且地类支持</source>
      <translation>Claimed as rural homestead, supported by the land class</translation>
    </message>
    <message>
      <source>填报出入口，条件未证明</source>
      <translation>Claimed as entrance, conditions not proved</translation>
    </message>
    <message>
      <source>填报单位</source>
      <translation>Filing office</translation>
    </message>
    <message>
      <source>填报单位、制表人、审核人、主送单位、落款；写入一个工作库</source>
      <translation>Filing office, maker, checker, addressee and signature; written into a workspace</translation>
    </message>
    <message>
      <source>填报实地为农用地且有带方位角照片</source>
      <translation>Claimed as agricultural on the ground, with photo and azimuth</translation>
    </message>
    <message>
      <source>填报实地为农用地，尚无照片</source>
      <translation>Claimed as agricultural on the ground, no photo yet</translation>
    </message>
    <message>
      <source>填报建设时间在前时相之后</source>
      <translation>claimed construction is after the earlier image</translation>
    </message>
    <message>
      <source>填报建设时间早于批准</source>
      <translation>– construction is claimed before approval</translation>
    </message>
    <message>
      <source>填报必填项</source>
      <translation>Required for filing</translation>
    </message>
    <message>
      <source>填报用途与调查地类不符</source>
      <translation>claimed use differs from the survey's class</translation>
    </message>
    <message>
      <source>填报用途类别</source>
      <translation>kind of claimed use</translation>
    </message>
    <message>
      <source>增减挂钩建新区按时全部覆盖</source>
      <translation>Linkage area in time covers all of it</translation>
    </message>
    <message>
      <source>处理</source>
      <translation>Run</translation>
    </message>
    <message>
      <source>处罚决定</source>
      <translation>Penalty decision</translation>
    </message>
    <message>
      <source>处罚决定书</source>
      <translation>Penalty decision (paper)</translation>
    </message>
    <message>
      <source>处罚执行到位证明</source>
      <translation>Proof that the penalty was carried out</translation>
    </message>
    <message>
      <source>处置</source>
      <translation>What was done</translation>
    </message>
    <message>
      <source>备案</source>
      <translation>filing record (备案)</translation>
    </message>
    <message>
      <source>备案材料</source>
      <translation>filing documents</translation>
    </message>
    <message>
      <source>备注</source>
      <translation>Remarks</translation>
    </message>
    <message>
      <source>复制</source>
      <translation>Copy</translation>
    </message>
    <message>
      <source>复制一份来改</source>
      <translation>Copy and edit</translation>
    </message>
    <message>
      <source>复制坐标（平面，米）</source>
      <translation>Copy coordinates (plane, metres)</translation>
    </message>
    <message>
      <source>复制坐标（经纬度）</source>
      <translation>Copy coordinates (degrees)</translation>
    </message>
    <message>
      <source>复制编号</source>
      <translation>Copy number</translation>
    </message>
    <message>
      <source>复核</source>
      <translation>review</translation>
    </message>
    <message>
      <source>复核人</source>
      <translation>Reviewer</translation>
    </message>
    <message>
      <source>复核同意：{}</source>
      <translation>Approved: {}</translation>
    </message>
    <message>
      <source>复核退回</source>
      <translation>Returned by the reviewer</translation>
    </message>
    <message>
      <source>复核退回：{}</source>
      <translation>Returned: {}</translation>
    </message>
    <message>
      <source>外业</source>
      <translation>Field work</translation>
    </message>
    <message>
      <source>外业包回收</source>
      <translation>Field package return</translation>
    </message>
    <message>
      <source>外业包回收…</source>
      <translation>Field package return…</translation>
    </message>
    <message>
      <source>外业包导出</source>
      <translation>Field package export</translation>
    </message>
    <message>
      <source>外业包导出…</source>
      <translation>Field package export…</translation>
    </message>
    <message>
      <source>外业填写</source>
      <translation>From the field</translation>
    </message>
    <message>
      <source>外业照片</source>
      <translation>field-photos</translation>
    </message>
    <message>
      <source>多人协作</source>
      <translation>Working as a team</translation>
    </message>
    <message>
      <source>多人工作库角色</source>
      <translation>Roles of a team workspace</translation>
    </message>
    <message>
      <source>多机计算</source>
      <translation>work on many machines</translation>
    </message>
    <message>
      <source>天</source>
      <translation>days</translation>
    </message>
    <message>
      <source>头一小时</source>
      <translation>The first hour</translation>
    </message>
    <message>
      <source>套合图层</source>
      <translation>Catalogue layers</translation>
    </message>
    <message>
      <source>套合结果（矢量或截图）</source>
      <translation>overlay result (boundary or picture)</translation>
    </message>
    <message>
      <source>套合（亩）</source>
      <translation>Overlay (mu)</translation>
    </message>
    <message>
      <source>字段</source>
      <translation>Fields</translation>
    </message>
    <message>
      <source>字段对照</source>
      <translation>Column mapping</translation>
    </message>
    <message>
      <source>字段对照.yaml</source>
      <translation>字段对照.yaml</translation>
    </message>
    <message>
      <source>字段对照（yaml 文件，或 编号=TBBH; 监测面积=MJ；空为自动识别）</source>
      <translation>Column mapping (a yaml file, or number=TBBH; delivered_area=MJ; blank = found out)</translation>
    </message>
    <message>
      <source>字段：</source>
      <translation>Fields: </translation>
    </message>
    <message>
      <source>字段：{}</source>
      <translation>Fields: {}</translation>
    </message>
    <message>
      <source>存有疑点块数</source>
      <translation>– pieces in doubt</translation>
    </message>
    <message>
      <source>存疑</source>
      <translation>Doubtful (存疑)</translation>
    </message>
    <message>
      <source>存疑或没有建议，须由人逐个判定</source>
      <translation>doubtful or without a proposal: a person decides each</translation>
    </message>
    <message>
      <source>季清</source>
      <translation>quarterly</translation>
    </message>
    <message>
      <source>宅基地审批按时全部覆盖</source>
      <translation>Homestead approval in time covers all of it</translation>
    </message>
    <message>
      <source>宅基地审批覆盖，但填报的用途不是住宅</source>
      <translation>Covered by a homestead approval, but the use filled in is not housing</translation>
    </message>
    <message>
      <source>宅基地审批覆盖，但触及永久基本农田、没有文号或存有疑点</source>
      <translation>Covered by a homestead approval, but touches permanent basic farmland, has no document number or is doubtful</translation>
    </message>
    <message>
      <source>宅基地待核</source>
      <translation>Homestead to be checked</translation>
    </message>
    <message>
      <source>宅基地批准书</source>
      <translation>homestead approval</translation>
    </message>
    <message>
      <source>宅基地批准或村级证明</source>
      <translation>homestead approval or statement of the village</translation>
    </message>
    <message>
      <source>安装与本县设置</source>
      <translation>Installation and county settings</translation>
    </message>
    <message>
      <source>完成。</source>
      <translation>Done.</translation>
    </message>
    <message>
      <source>完整</source>
      <translation>complete</translation>
    </message>
    <message>
      <source>完整检查（逐页核对，较慢）</source>
      <translation>Full check (reads every page, slower)</translation>
    </message>
    <message>
      <source>官方</source>
      <translation>official</translation>
    </message>
    <message>
      <source>实地地类</source>
      <translation>land class on the ground</translation>
    </message>
    <message>
      <source>实地地类不在任何规则中</source>
      <translation>Land class on the ground stands in no rule</translation>
    </message>
    <message>
      <source>实地地类为空且无套合地类</source>
      <translation>No land class on the ground and none from the overlay</translation>
    </message>
    <message>
      <source>实地未变化</source>
      <translation>Ground unchanged</translation>
    </message>
    <message>
      <source>实地核查意见（签字、责任人）</source>
      <translation>field check statement (signed, person in charge)</translation>
    </message>
    <message>
      <source>实践</source>
      <translation>practice</translation>
    </message>
    <message>
      <source>审核人</source>
      <translation>Checked by</translation>
    </message>
    <message>
      <source>审核阶段</source>
      <translation>Review stage</translation>
    </message>
    <message>
      <source>导入 zip…</source>
      <translation>Import zip…</translation>
    </message>
    <message>
      <source>导入下发数据</source>
      <translation>Import a delivery</translation>
    </message>
    <message>
      <source>导入下发数据…</source>
      <translation>Import a delivery…</translation>
    </message>
    <message>
      <source>导入本县设置</source>
      <translation>Import county settings</translation>
    </message>
    <message>
      <source>导出 zip…</source>
      <translation>Export zip…</translation>
    </message>
    <message>
      <source>导出卷宗</source>
      <translation>Write packages</translation>
    </message>
    <message>
      <source>导出卷宗…</source>
      <translation>Write packages…</translation>
    </message>
    <message>
      <source>导出卷宗并打成 zip，便于移交。压缩包和移交清单写在卷宗文件夹的「归档」中，只含材料齐全的卷宗；中途取消不会留下残缺的压缩包。</source>
      <translation>Write the packages and zip them for handing in. The zips and the list of the handover go into the archive folder beside the packages and hold complete packages only; a cancelled run leaves no broken zip.</translation>
    </message>
    <message>
      <source>导出后再打成压缩包，便于报送。</source>
      <translation>Zip the packages after the export, for handing in.</translation>
    </message>
    <message>
      <source>导出本县设置</source>
      <translation>Export county settings</translation>
    </message>
    <message>
      <source>导出队列中显示的图斑的卷宗</source>
      <translation>Write the packages of the parcels that the queue shows</translation>
    </message>
    <message>
      <source>尚无建议：请先运行「套合分析」和「合法性判定建议」。</source>
      <translation>No proposal yet: run "Overlay" and "Propose judgments" first.</translation>
    </message>
    <message>
      <source>尚未判定</source>
      <translation>not decided</translation>
    </message>
    <message>
      <source>尚未选择文件</source>
      <translation>No file chosen</translation>
    </message>
    <message>
      <source>属性表乱码时指定；一般留空，自动识别。</source>
      <translation>For attribute tables that read as nonsense; usually blank.</translation>
    </message>
    <message>
      <source>巡查</source>
      <translation>Patrol</translation>
    </message>
    <message>
      <source>巡查人</source>
      <translation>Person</translation>
    </message>
    <message>
      <source>巡查登记</source>
      <translation>Patrols</translation>
    </message>
    <message>
      <source>巡查登记…</source>
      <translation>Patrols…</translation>
    </message>
    <message>
      <source>工作库</source>
      <translation>Workspace</translation>
    </message>
    <message>
      <source>工作库 (*.gpkg)</source>
      <translation>Workspace (*.gpkg)</translation>
    </message>
    <message>
      <source>工作库.gpkg</source>
      <translation>工作库.gpkg</translation>
    </message>
    <message>
      <source>工作库文件（gpkg）；入库时可以是还不存在的文件。多人工作库写 postgresql:连接名/模式。</source>
      <translation>Workspace file (gpkg); for intake it may be a file that does not exist yet. For a team workspace write postgresql:connection/schema.</translation>
    </message>
    <message>
      <source>工作库迁移</source>
      <translation>Move workspace</translation>
    </message>
    <message>
      <source>工作库里没有图斑 {}。</source>
      <translation>There is no parcel {} in the workspace.</translation>
    </message>
    <message>
      <source>工作库（gpkg）</source>
      <translation>Workspace (gpkg)</translation>
    </message>
    <message>
      <source>工作库（模式）</source>
      <translation>Workspace (schema)</translation>
    </message>
    <message>
      <source>工程建设动用砂石</source>
      <translation>Sand and stone used by construction works</translation>
    </message>
    <message>
      <source>左</source>
      <translation>left</translation>
    </message>
    <message>
      <source>左右两半影像的差异（仅供参考，不作为判定依据）</source>
      <translation>Where the images of both halves differ (a hint only, no ground for a judgment)</translation>
    </message>
    <message>
      <source>差异图</source>
      <translation>Differences</translation>
    </message>
    <message>
      <source>差错率</source>
      <translation>Error rates</translation>
    </message>
    <message>
      <source>已保存。</source>
      <translation>Saved.</translation>
    </message>
    <message>
      <source>已保存到本县规则；重新运行判定建议后生效。</source>
      <translation>Saved in the county's rules; it takes effect when proposals are made again.</translation>
    </message>
    <message>
      <source>已保存字段对照：{}</source>
      <translation>Mapping kept: {}</translation>
    </message>
    <message>
      <source>已保存：{}</source>
      <translation>Saved: {}</translation>
    </message>
    <message>
      <source>已保存：{}。</source>
      <translation>Saved: {}.</translation>
    </message>
    <message>
      <source>已写入 {} 行：{}</source>
      <translation>{} rows written: {}</translation>
    </message>
    <message>
      <source>已写入诊断信息，其中没有图斑数据、路径和姓名。</source>
      <translation>The diagnosis is written; it holds no parcel data, paths or names.</translation>
    </message>
    <message>
      <source>已判定</source>
      <translation>decided</translation>
    </message>
    <message>
      <source>已取消。</source>
      <translation>Cancelled.</translation>
    </message>
    <message>
      <source>已受理延续</source>
      <translation>Renewal accepted</translation>
    </message>
    <message>
      <source>已填报</source>
      <translation>filed</translation>
    </message>
    <message>
      <source>已填报…</source>
      <translation>Filed…</translation>
    </message>
    <message>
      <source>已填报：{}</source>
      <translation>Filed: {}</translation>
    </message>
    <message>
      <source>已复制：{}</source>
      <translation>Copied: {}</translation>
    </message>
    <message>
      <source>已复核</source>
      <translation>reviewed</translation>
    </message>
    <message>
      <source>已安装：{}。请关闭 QGIS 再打开。</source>
      <translation>Installed: {}. Close QGIS and open it again.</translation>
    </message>
    <message>
      <source>已审 {}/{}</source>
      <translation>{} of {} decided</translation>
    </message>
    <message>
      <source>已导入 {} 个文件。</source>
      <translation>{} files imported.</translation>
    </message>
    <message>
      <source>已导出 {} 个文件：{}</source>
      <translation>{} files exported: {}</translation>
    </message>
    <message>
      <source>已导出 {} 份卷宗（完整 {} 份，失败 {} 份），压缩包在 {}</source>
      <translation>{} packages exported ({} complete, {} failed); the archives are in {}</translation>
    </message>
    <message>
      <source>已并宗，请在主图斑上判定：{}</source>
      <translation>Merged; decide on the leading parcel: {}</translation>
    </message>
    <message>
      <source>已恢复随插件的值。</source>
      <translation>The shipped value is back.</translation>
    </message>
    <message>
      <source>已恢复随插件的表；自己的文件改名保留。</source>
      <translation>The shipped form is back; your file is kept under another name.</translation>
    </message>
    <message>
      <source>已批占比</source>
      <translation>approved share</translation>
    </message>
    <message>
      <source>已批面积</source>
      <translation>approved area</translation>
    </message>
    <message>
      <source>已拆分，请逐块判定：{}</source>
      <translation>Split; decide its parts: {}</translation>
    </message>
    <message>
      <source>已拆除</source>
      <translation>Removed</translation>
    </message>
    <message>
      <source>已挂接</source>
      <translation>attached</translation>
    </message>
    <message>
      <source>已接收：{} 处审核状态改变，{} 行未接收，{} 处与本库不同。</source>
      <translation>Taken back: {} review states changed, {} rows refused, {} differences from the workspace.</translation>
    </message>
    <message>
      <source>已搁置：{}</source>
      <translation>Postponed: {}</translation>
    </message>
    <message>
      <source>已撤销影像首见标记。请重新运行判定建议。</source>
      <translation>The first-seen mark was taken back. Run the proposals again.</translation>
    </message>
    <message>
      <source>已撤销或未批块数</source>
      <translation>– pieces withdrawn or not approved</translation>
    </message>
    <message>
      <source>已撤销：{}</source>
      <translation>Undone: {}</translation>
    </message>
    <message>
      <source>已改为其他判定：{}</source>
      <translation>Overridden: {}</translation>
    </message>
    <message>
      <source>已改判：{}</source>
      <translation>Re-judged: {}</translation>
    </message>
    <message>
      <source>已放入本县设置。</source>
      <translation>Put into the county settings.</translation>
    </message>
    <message>
      <source>已有任务在运行，请等它结束或取消。</source>
      <translation>Something runs already: wait for it or cancel it.</translation>
    </message>
    <message>
      <source>已有材料</source>
      <translation>evidence at hand</translation>
    </message>
    <message>
      <source>已标记影像首见：{}，{} 已见；动工区间 {}。请重新运行判定建议。</source>
      <translation>Marked first seen: {}; seen on {}; begun {}. Run the proposals again.</translation>
    </message>
    <message>
      <source>已用 {} 试填：{}</source>
      <translation>Filled for {}: {}</translation>
    </message>
    <message>
      <source>已登记 {} 份</source>
      <translation>{} attached</translation>
    </message>
    <message>
      <source>已移除</source>
      <translation>Removed</translation>
    </message>
    <message>
      <source>已移除登记，文件保留。</source>
      <translation>Entry removed; the file stays.</translation>
    </message>
    <message>
      <source>已答复：{} {} {}</source>
      <translation>Answered: {} {} {}</translation>
    </message>
    <message>
      <source>已签署 {} 个。</source>
      <translation>{} signed.</translation>
    </message>
    <message>
      <source>已经判定</source>
      <translation>decided already</translation>
    </message>
    <message>
      <source>已补办</source>
      <translation>Regularised</translation>
    </message>
    <message>
      <source>已解除</source>
      <translation>detached</translation>
    </message>
    <message>
      <source>已记入工作库</source>
      <translation>Taken into the workspace</translation>
    </message>
    <message>
      <source>已采用保存的字段对照：{}</source>
      <translation>The kept mapping was used: {}</translation>
    </message>
    <message>
      <source>已采纳建议：{}</source>
      <translation>Proposal accepted: {}</translation>
    </message>
    <message>
      <source>已重新连接多人工作库。</source>
      <translation>Connected to the team workspace again.</translation>
    </message>
    <message>
      <source>已销号</source>
      <translation>closed</translation>
    </message>
    <message>
      <source>市级</source>
      <translation>city</translation>
    </message>
    <message>
      <source>带方位角照片数</source>
      <translation>photos with azimuth</translation>
    </message>
    <message>
      <source>带方位角的现场照片</source>
      <translation>site photo with azimuth</translation>
    </message>
    <message>
      <source>平方米</source>
      <translation>m²</translation>
    </message>
    <message>
      <source>年-月-日</source>
      <translation>YYYY-MM-DD</translation>
    </message>
    <message>
      <source>年度总结的主送单位</source>
      <translation>Whom the yearly summary is sent to</translation>
    </message>
    <message>
      <source>年度总结的落款，空为填报单位</source>
      <translation>Who signs the yearly summary; blank: the filing office</translation>
    </message>
    <message>
      <source>年度（按下发时间；空为统计截止日期所在的工作年度）</source>
      <translation>Year (by issue date; blank: the working year of the cut-off date)</translation>
    </message>
    <message>
      <source>并宗</source>
      <translation>Merge</translation>
    </message>
    <message>
      <source>并宗…</source>
      <translation>Merge…</translation>
    </message>
    <message>
      <source>并宗图斑须在主图斑上判定</source>
      <translation>merged: decided on the leading parcel</translation>
    </message>
    <message>
      <source>并宗：以 {} 为主，成员 {}</source>
      <translation>Merged: {} leads, with {}</translation>
    </message>
    <message>
      <source>并排对比</source>
      <translation>Compare side by side</translation>
    </message>
    <message>
      <source>并行进程数（auto 为每个处理器核心一个；空为 1）</source>
      <translation>Number of processes (auto: one a core; blank: 1)</translation>
    </message>
    <message>
      <source>应整改</source>
      <translation>To rectify</translation>
    </message>
    <message>
      <source>应整改 = 拆除 + 补办 + 剩余：{}</source>
      <translation>To rectify = removed + regularised + remaining: {}</translation>
    </message>
    <message>
      <source>延续已受理待核</source>
      <translation>Accepted renewal to be checked</translation>
    </message>
    <message>
      <source>延续登记受理通知书</source>
      <translation>notice that the renewal was accepted</translation>
    </message>
    <message>
      <source>建议</source>
      <translation>Proposal</translation>
    </message>
    <message>
      <source>建议不同：{}</source>
      <translation>another proposal: {}</translation>
    </message>
    <message>
      <source>建议实地未变化，但影像变化明显</source>
      <translation>Proposed as unchanged ground, but the images differ strikingly</translation>
    </message>
    <message>
      <source>建议拆分</source>
      <translation>Split proposed</translation>
    </message>
    <message>
      <source>建议拆分，须逐块判定</source>
      <translation>to be split: decided part by part</translation>
    </message>
    <message>
      <source>建议类别</source>
      <translation>Proposed category</translation>
    </message>
    <message>
      <source>建设时间</source>
      <translation>Built on</translation>
    </message>
    <message>
      <source>建设时间（区分新增、存量）</source>
      <translation>date of construction (new or existing)</translation>
    </message>
    <message>
      <source>建设用地</source>
      <translation>construction land</translation>
    </message>
    <message>
      <source>建设用地面积</source>
      <translation>construction land taken</translation>
    </message>
    <message>
      <source>开始</source>
      <translation>Start</translation>
    </message>
    <message>
      <source>开始处理</source>
      <translation>Start</translation>
    </message>
    <message>
      <source>归档</source>
      <translation>Archive</translation>
    </message>
    <message>
      <source>当事人</source>
      <translation>Party</translation>
    </message>
    <message>
      <source>当前工程里没有可用的图层。</source>
      <translation>The current project has no layer that can be used.</translation>
    </message>
    <message>
      <source>当年无勘查开采活动的说明与影像</source>
      <translation>statement and images that nothing was mined this year</translation>
    </message>
    <message>
      <source>当年无开采活动</source>
      <translation>No mining this year</translation>
    </message>
    <message>
      <source>影像变化提示</source>
      <translation>Image change hints</translation>
    </message>
    <message>
      <source>影像变化提示…</source>
      <translation>Image change hints…</translation>
    </message>
    <message>
      <source>影像变化提示（0–1），仅用于排序和提醒，不作为判定依据</source>
      <translation>Change hint of the images (0–1): for order and warning only, never a ground of decision</translation>
    </message>
    <message>
      <source>影像时间轴</source>
      <translation>Timeline of images</translation>
    </message>
    <message>
      <source>影像服务“{}”没有应答，无法对比；请检查网络或服务地址，或改用本地影像。</source>
      <translation>The imagery service “{}” does not answer, so the dates cannot be compared; check the network or the address, or use local imagery.</translation>
    </message>
    <message>
      <source>影像用途需要栅格图层</source>
      <translation>An image role needs a raster</translation>
    </message>
    <message>
      <source>影像金字塔</source>
      <translation>Image overviews</translation>
    </message>
    <message>
      <source>影像首见晚于前时相</source>
      <translation>first seen after the earlier image</translation>
    </message>
    <message>
      <source>影像首见（动工区间）</source>
      <translation>first seen on an image (span of the start)</translation>
    </message>
    <message>
      <source>影像首见：动工区间 {}</source>
      <translation>First seen: begun {}</translation>
    </message>
    <message>
      <source>待判定</source>
      <translation>To decide</translation>
    </message>
    <message>
      <source>待复核</source>
      <translation>To review</translation>
    </message>
    <message>
      <source>待确认</source>
      <translation>ambiguous</translation>
    </message>
    <message>
      <source>待答复，期限 {}</source>
      <translation>To be answered by {}</translation>
    </message>
    <message>
      <source>总面积</source>
      <translation>Whole area</translation>
    </message>
    <message>
      <source>恢复所用的副本（gpkg，空为最新的完好副本）</source>
      <translation>Copy to restore from (gpkg; blank: the newest sound one)</translation>
    </message>
    <message>
      <source>恢复所用的副本；留空则用「…-备份」文件夹中最新的完好副本。</source>
      <translation>The copy to restore from; blank: the newest sound copy in the folder “…-备份”.</translation>
    </message>
    <message>
      <source>恢复照片</source>
      <translation>Restore the photo</translation>
    </message>
    <message>
      <source>恢复自动识别</source>
      <translation>Back to automatic</translation>
    </message>
    <message>
      <source>恢复证明材料</source>
      <translation>Document put back</translation>
    </message>
    <message>
      <source>恢复随插件的值</source>
      <translation>Back to the shipped value</translation>
    </message>
    <message>
      <source>恢复随插件的表</source>
      <translation>Back to the shipped form</translation>
    </message>
    <message>
      <source>意外错误：{}</source>
      <translation>Unexpected error: {}</translation>
    </message>
    <message>
      <source>成员不相邻，理由已填。</source>
      <translation>The members are not adjacent; the reason is given.</translation>
    </message>
    <message>
      <source>成员彼此相邻，可以并宗。</source>
      <translation>The members are adjacent and can be merged.</translation>
    </message>
    <message>
      <source>成员（登录名=角色:乡镇、乡镇; …）</source>
      <translation>Members (login=role:township、township; …)</translation>
    </message>
    <message>
      <source>成果文件夹</source>
      <translation>Folder for results</translation>
    </message>
    <message>
      <source>成果文件夹中已有工作库：同一编号的图斑按再次下发更新，已有判定保留。</source>
      <translation>There is a workspace in this folder: parcels of the same number are updated, decisions stay.</translation>
    </message>
    <message>
      <source>我的</source>
      <translation>Mine</translation>
    </message>
    <message>
      <source>所有文件</source>
      <translation>All files</translation>
    </message>
    <message>
      <source>所载用途不符块数</source>
      <translation>– pieces with a use that does not fit</translation>
    </message>
    <message>
      <source>所选图斑按一个项目判定：判定记在主图斑上，各成员的图形和编号不变。并宗记入操作记录，可在主图斑上撤销（U）。</source>
      <translation>The chosen parcels are decided as one project: the decision is made on the leading parcel, the members keep their shapes and numbers. The merge is kept in the journal and can be undone on the leading parcel (U).</translation>
    </message>
    <message>
      <source>所选影像上首次见到建设；前一期影像上未见。动工区间用于建设时间和判定</source>
      <translation>It is first seen on the chosen image and not on the one before; the range is used as the time of building and by the rules</translation>
    </message>
    <message>
      <source>手册</source>
      <translation>Manual</translation>
    </message>
    <message>
      <source>打包归档</source>
      <translation>Archive</translation>
    </message>
    <message>
      <source>打包归档…</source>
      <translation>Archive…</translation>
    </message>
    <message>
      <source>打包归档（parcel 逐图斑，township 逐乡镇；加 +draft 另打包草稿；空为不打包）</source>
      <translation>Archives (parcel: one each, township: one each; +draft: drafts apart; blank: none)</translation>
    </message>
    <message>
      <source>打印位置图…</source>
      <translation>Print location map…</translation>
    </message>
    <message>
      <source>打开</source>
      <translation>Open</translation>
    </message>
    <message>
      <source>打开…</source>
      <translation>Open…</translation>
    </message>
    <message>
      <source>打开入库报告所在文件夹</source>
      <translation>Open the folder of the intake report</translation>
    </message>
    <message>
      <source>打开卷宗文件夹</source>
      <translation>Open package folder</translation>
    </message>
    <message>
      <source>打开图层清单</source>
      <translation>Open a layer catalogue</translation>
    </message>
    <message>
      <source>打开多人工作库</source>
      <translation>Open team workspace</translation>
    </message>
    <message>
      <source>打开多人工作库…</source>
      <translation>Open team workspace…</translation>
    </message>
    <message>
      <source>打开工作库</source>
      <translation>Open workspace</translation>
    </message>
    <message>
      <source>打开工作库…</source>
      <translation>Open workspace…</translation>
    </message>
    <message>
      <source>打开归档文件夹</source>
      <translation>Open the folder of archives</translation>
    </message>
    <message>
      <source>打开文件</source>
      <translation>Open file</translation>
    </message>
    <message>
      <source>打开文件夹</source>
      <translation>Open folder</translation>
    </message>
    <message>
      <source>打开照片文件夹</source>
      <translation>Open photo folder</translation>
    </message>
    <message>
      <source>打开示例</source>
      <translation>Open the sample</translation>
    </message>
    <message>
      <source>执行到位</source>
      <translation>Penalty carried out</translation>
    </message>
    <message>
      <source>批、供占比都大于 70%</source>
      <translation>Approved and supplied shares both above 70 %</translation>
    </message>
    <message>
      <source>批准文号</source>
      <translation>approval number</translation>
    </message>
    <message>
      <source>批准日期</source>
      <translation>date of approval</translation>
    </message>
    <message>
      <source>批准日期不明</source>
      <translation>Approval undated</translation>
    </message>
    <message>
      <source>批准时间</source>
      <translation>date of approval</translation>
    </message>
    <message>
      <source>批准机关和级别（批文材料）</source>
      <translation>approving authority and its level (approval document)</translation>
    </message>
    <message>
      <source>批准用途与填报用途不符块数</source>
      <translation>– pieces whose approved use differs from the claimed one</translation>
    </message>
    <message>
      <source>批文</source>
      <translation>approval (批文)</translation>
    </message>
    <message>
      <source>批文、供地或登记覆盖但日期不明</source>
      <translation>Covered by approval, supply or registration without a date</translation>
    </message>
    <message>
      <source>批文、条款或照片</source>
      <translation>Approval, clause or photo</translation>
    </message>
    <message>
      <source>批文及其他依据范围</source>
      <translation>Approvals and other grounds</translation>
    </message>
    <message>
      <source>批文图层已加载，但按时已批面积未能量算</source>
      <translation>Approval layers are loaded, but the area approved in time could not be measured</translation>
    </message>
    <message>
      <source>批文失效待核</source>
      <translation>Expired approval, to be checked</translation>
    </message>
    <message>
      <source>批文按时覆盖，但填报的建设时间早于批准（先建后批）</source>
      <translation>Covered in time, but construction is claimed before the approval (built first)</translation>
    </message>
    <message>
      <source>批文矢量</source>
      <translation>approval boundary</translation>
    </message>
    <message>
      <source>批文覆盖但日期不明</source>
      <translation>Covered by an approval without a date</translation>
    </message>
    <message>
      <source>批文覆盖但部分已失效</source>
      <translation>Covered by approvals of which some have expired</translation>
    </message>
    <message>
      <source>批文覆盖，余量很小或很窄，疑似边角</source>
      <translation>Covered by an approval, remainder very small or narrow: probably a sliver</translation>
    </message>
    <message>
      <source>批文（文号、机关、日期、面积）</source>
      <translation>approval (number, authority, date, area)</translation>
    </message>
    <message>
      <source>找不到手册。</source>
      <translation>The manual was not found.</translation>
    </message>
    <message>
      <source>找不到：{}</source>
      <translation>Not found: {}</translation>
    </message>
    <message>
      <source>承包流转合同</source>
      <translation>lease or transfer contract</translation>
    </message>
    <message>
      <source>把 {} 个图斑的卷宗导出到</source>
      <translation>Write the packages of {} parcels to</translation>
    </message>
    <message>
      <source>把下发数据（zip、shp、gdb、gpkg、txt 或文件夹）拖到这里，或选择下面的一项开始。

软件只提出判定建议，由有名有姓的人作出决定。</source>
      <translation>Drop a delivery here (zip, shp, gdb, gpkg, txt or a folder), or choose one of these to begin.

The software only proposes; a named person decides.</translation>
    </message>
    <message>
      <source>把工作库中的图斑与图层清单里的审批、地类、永久基本农田、生态保护红线等图层套合：按并集计算覆盖面积、地类构成、未批范围，面积为 CGCS2000 椭球面积并平差到 0.01 m²。没有覆盖的图层也留一行零值。</source>
      <translation>Measures the parcels of the workspace against the catalogue's approvals, survey, basic farmland, redline and other layers: coverage by union, land classes, unapproved extent; areas on the CGCS2000 ellipsoid, closed to 0.01 m². A layer that touches nothing leaves a row of zeros.</translation>
    </message>
    <message>
      <source>把工作库从文件（gpkg）迁到服务器（多人工作库），或从服务器迁回文件。逐行写入并逐行比对，操作记录的衔接一并核对；目标不得已存在，原工作库不改动。迁移后请只在新的工作库上继续工作。</source>
      <translation>Moves a workspace from a file (gpkg) to a server (team workspace), or back. Every row is written and compared, the chain of the journal is checked as well; the target must not exist, the source stays unchanged. Go on with the new workspace only.</translation>
    </message>
    <message>
      <source>把握中</source>
      <translation>medium confidence</translation>
    </message>
    <message>
      <source>把握低</source>
      <translation>low confidence</translation>
    </message>
    <message>
      <source>把握高</source>
      <translation>high confidence</translation>
    </message>
    <message>
      <source>把文件或文件夹拖到表上，或用上面的按钮添加。图层的用途由软件建议，由你决定。</source>
      <translation>Drop files or folders on the table, or use the buttons above. Roles are proposed; you decide.</translation>
    </message>
    <message>
      <source>把队列中选中的图斑并宗</source>
      <translation>Merge the parcels selected in the queue</translation>
    </message>
    <message>
      <source>报表</source>
      <translation>Tables</translation>
    </message>
    <message>
      <source>报表和明细表（csv、xlsx）写到这个文件夹；留空则不写。</source>
      <translation>Reports and tables (csv, xlsx) are written to this folder; blank: none.</translation>
    </message>
    <message>
      <source>报表文件夹</source>
      <translation>Report folder</translation>
    </message>
    <message>
      <source>报表输出文件夹</source>
      <translation>Folder for tables</translation>
    </message>
    <message>
      <source>拆</source>
      <translation>split</translation>
    </message>
    <message>
      <source>拆分</source>
      <translation>split</translation>
    </message>
    <message>
      <source>拆分 {}（{} 亩）</source>
      <translation>part {} ({} mu)</translation>
    </message>
    <message>
      <source>拆除</source>
      <translation>Demolition</translation>
    </message>
    <message>
      <source>拆除 {} 亩</source>
      <translation>removed {} mu</translation>
    </message>
    <message>
      <source>拆除复耕</source>
      <translation>removal and recultivation</translation>
    </message>
    <message>
      <source>拆除复耕、补办手续</source>
      <translation>removal and recultivation, regularisation</translation>
    </message>
    <message>
      <source>拆除日期</source>
      <translation>Day of demolition</translation>
    </message>
    <message>
      <source>拍摄方向数</source>
      <translation>directions of photos</translation>
    </message>
    <message>
      <source>拍摄时间</source>
      <translation>Taken at</translation>
    </message>
    <message>
      <source>拖动或 ←→ 移动分界，按住空格看另一时相，Tab 换方式，Esc 退出</source>
      <translation>Drag or ←→ to move the line, hold space for the other date, Tab for the next mode, Esc to leave</translation>
    </message>
    <message>
      <source>拟拆分地块</source>
      <translation>Proposed parts</translation>
    </message>
    <message>
      <source>拟拆分地块 {}</source>
      <translation>Proposed part {}</translation>
    </message>
    <message>
      <source>拟拆分地块数</source>
      <translation>proposed parts</translation>
    </message>
    <message>
      <source>拟拆分地块是边角</source>
      <translation>Proposed part is a sliver</translation>
    </message>
    <message>
      <source>挂接</source>
      <translation>Attach</translation>
    </message>
    <message>
      <source>挂接 A</source>
      <translation>Attach A</translation>
    </message>
    <message>
      <source>挂接到 {}</source>
      <translation>Attach to {}</translation>
    </message>
    <message>
      <source>挂接照片</source>
      <translation>Photo attached</translation>
    </message>
    <message>
      <source>挂接／解除 A</source>
      <translation>Attach / detach A</translation>
    </message>
    <message>
      <source>指北针</source>
      <translation>North arrow</translation>
    </message>
    <message>
      <source>指定坐标系（如 EPSG:4490；空为自动识别）</source>
      <translation>CRS (such as EPSG:4490; blank to find out)</translation>
    </message>
    <message>
      <source>指定监测面积单位（mu、m2、ha；空为自动识别）</source>
      <translation>Unit of the delivered area (mu, m2, ha; blank to find out)</translation>
    </message>
    <message>
      <source>指定编码（如 GBK、UTF-8；空为自动识别）</source>
      <translation>Encoding (such as GBK, UTF-8; blank to find out)</translation>
    </message>
    <message>
      <source>指标</source>
      <translation>Indicator</translation>
    </message>
    <message>
      <source>按{}检查</source>
      <translation>checked on {}</translation>
    </message>
    <message>
      <source>按判定</source>
      <translation>by decision</translation>
    </message>
    <message>
      <source>按判定规则给出每个图斑（或拟拆分地块）的建议类别、理由、缺少的证据和改变结论的条件。软件只提建议，不作认定；已有的人工判定不会被覆盖，依据变化时会标记「依据已变」。</source>
      <translation>Proposes for each parcel (or proposed part) a category with its reasons, the missing evidence and what would change the outcome. The software proposes and states no finding; decisions of people are never overwritten, and are marked when their ground has changed.</translation>
    </message>
    <message>
      <source>按建议</source>
      <translation>by proposal</translation>
    </message>
    <message>
      <source>按建议判定选中的 {} 个…</source>
      <translation>Decide {} marked rows as proposed…</translation>
    </message>
    <message>
      <source>按建议判定选中的图斑</source>
      <translation>Decide marked rows as proposed</translation>
    </message>
    <message>
      <source>按建议拆分</source>
      <translation>Split as proposed</translation>
    </message>
    <message>
      <source>按建议拆分…</source>
      <translation>Split as proposed…</translation>
    </message>
    <message>
      <source>按批次改编号</source>
      <translation>rename by batch</translation>
    </message>
    <message>
      <source>按时已批</source>
      <translation>approved in time</translation>
    </message>
    <message>
      <source>按时未批</source>
      <translation>not approved in time</translation>
    </message>
    <message>
      <source>按时未批面积</source>
      <translation>area not approved in time</translation>
    </message>
    <message>
      <source>按清单逐字节校验卷宗：改动、缺少、多出的文件；给出工作库时还核对表格中的数字。</source>
      <translation>Checks packages byte by byte against their manifests: changed, missing and surplus files; with a workspace the figures in the forms as well.</translation>
    </message>
    <message>
      <source>按状态</source>
      <translation>by state</translation>
    </message>
    <message>
      <source>挖湖造景</source>
      <translation>Artificial lakes and landscaping</translation>
    </message>
    <message>
      <source>换图斑时地图缩放到该图斑</source>
      <translation>The map fits each parcel that is chosen</translation>
    </message>
    <message>
      <source>接收</source>
      <translation>Accepted</translation>
    </message>
    <message>
      <source>接收 {} 个图斑，未接收 {} 个。</source>
      <translation>{} parcels accepted, {} refused.</translation>
    </message>
    <message>
      <source>接收回传表</source>
      <translation>Take back a returned table</translation>
    </message>
    <message>
      <source>接收回传表…</source>
      <translation>Take back a returned table…</translation>
    </message>
    <message>
      <source>接收问题图斑清单…</source>
      <translation>Take in a list of problem parcels…</translation>
    </message>
    <message>
      <source>提示与处理</source>
      <translation>Messages and remedies</translation>
    </message>
    <message>
      <source>搁置</source>
      <translation>Postpone</translation>
    </message>
    <message>
      <source>搁置到哪一天（年-月-日）</source>
      <translation>Postpone until (year-month-day)</translation>
    </message>
    <message>
      <source>撤销</source>
      <translation>Undo</translation>
    </message>
    <message>
      <source>撤销整改登记</source>
      <translation>Rectification entry undone</translation>
    </message>
    <message>
      <source>撤销最近一次影像首见标记</source>
      <translation>Take the last first-seen mark back</translation>
    </message>
    <message>
      <source>撤销照片操作</source>
      <translation>Act on a photo undone</translation>
    </message>
    <message>
      <source>撤销首见</source>
      <translation>Take back</translation>
    </message>
    <message>
      <source>擅自改变用途</source>
      <translation>Use changed without permission</translation>
    </message>
    <message>
      <source>擅自改变矿种或开采方式</source>
      <translation>Mineral or method changed without permission</translation>
    </message>
    <message>
      <source>操作人</source>
      <translation>Person</translation>
    </message>
    <message>
      <source>操作记录</source>
      <translation>Journal</translation>
    </message>
    <message>
      <source>操作记录留存</source>
      <translation>Kept journal digests</translation>
    </message>
    <message>
      <source>收起或展开队列</source>
      <translation>Fold or unfold the queue</translation>
    </message>
    <message>
      <source>改判</source>
      <translation>judged anew</translation>
    </message>
    <message>
      <source>改判…</source>
      <translation>Re-judge…</translation>
    </message>
    <message>
      <source>改判为</source>
      <translation>New category</translation>
    </message>
    <message>
      <source>改后所有建议不变。</source>
      <translation>No proposal would change.</translation>
    </message>
    <message>
      <source>改后有 {} 个图斑（地块）的建议不同。</source>
      <translation>{} parcels or parts would be proposed otherwise.</translation>
    </message>
    <message>
      <source>改后的建议</source>
      <translation>Proposed then</translation>
    </message>
    <message>
      <source>改好后存盘，再点「重新检查」：{}</source>
      <translation>Save it when done, then check again: {}</translation>
    </message>
    <message>
      <source>改照片用途</source>
      <translation>Change the purpose of a photo</translation>
    </message>
    <message>
      <source>放到右半</source>
      <translation>To the right half</translation>
    </message>
    <message>
      <source>放到左半</source>
      <translation>To the left half</translation>
    </message>
    <message>
      <source>放宽认定（持续跟踪）</source>
      <translation>Relaxed finding (kept under watch)</translation>
    </message>
    <message>
      <source>数据</source>
      <translation>Data</translation>
    </message>
    <message>
      <source>数据没有坐标系或坐标系写错时指定；一般留空，自动识别。</source>
      <translation>For data without a CRS or with a wrong one; usually blank.</translation>
    </message>
    <message>
      <source>整图斑</source>
      <translation>whole parcel:</translation>
    </message>
    <message>
      <source>整宗</source>
      <translation>Whole parcel</translation>
    </message>
    <message>
      <source>整改</source>
      <translation>Rectification</translation>
    </message>
    <message>
      <source>整改…</source>
      <translation>Rectification…</translation>
    </message>
    <message>
      <source>整改中</source>
      <translation>during</translation>
    </message>
    <message>
      <source>整改前</source>
      <translation>before</translation>
    </message>
    <message>
      <source>整改前 {} 张，整改中 {} 张，整改后 {} 张</source>
      <translation>{} before, {} during, {} after</translation>
    </message>
    <message>
      <source>整改后</source>
      <translation>after</translation>
    </message>
    <message>
      <source>整改情况</source>
      <translation>state of rectification</translation>
    </message>
    <message>
      <source>整改方式</source>
      <translation>Method</translation>
    </message>
    <message>
      <source>整治修复项目批复</source>
      <translation>approval of the restoration project</translation>
    </message>
    <message>
      <source>整治修复项目按时全部覆盖</source>
      <translation>Restoration project in time covers all of it</translation>
    </message>
    <message>
      <source>整治修复项目覆盖，但填报为非农用途</source>
      <translation>Covered by a restoration project, but a non-agricultural use is filled in</translation>
    </message>
    <message>
      <source>文书类型</source>
      <translation>Kind of paper</translation>
    </message>
    <message>
      <source>文件</source>
      <translation>File</translation>
    </message>
    <message>
      <source>文件…</source>
      <translation>File…</translation>
    </message>
    <message>
      <source>文件、会议纪要或实测</source>
      <translation>a document, minutes or a measurement</translation>
    </message>
    <message>
      <source>文件夹…</source>
      <translation>Folder…</translation>
    </message>
    <message>
      <source>文件夹不能写入：{}</source>
      <translation>The folder cannot be written: {}</translation>
    </message>
    <message>
      <source>文号</source>
      <translation>Number</translation>
    </message>
    <message>
      <source>文号数</source>
      <translation>– document numbers</translation>
    </message>
    <message>
      <source>文字正常、坐标系和单位正确、字段对得上，再继续；不对的地方在这里改，改后立即重新读取。</source>
      <translation>Go on when texts, coordinate system, unit and columns are right; change what is wrong here, it is read again at once.</translation>
    </message>
    <message>
      <source>文旅</source>
      <translation>Culture and tourism</translation>
    </message>
    <message>
      <source>文本 (*.txt)</source>
      <translation>Text (*.txt)</translation>
    </message>
    <message>
      <source>新值</source>
      <translation>New value</translation>
    </message>
    <message>
      <source>新工作库的位置：还不存在的 gpkg 文件，或服务器上的 postgresql:连接名/模式。</source>
      <translation>Where the new workspace goes: a gpkg that does not exist yet, or postgresql:connection/schema on a server.</translation>
    </message>
    <message>
      <source>新建</source>
      <translation>New</translation>
    </message>
    <message>
      <source>新案件</source>
      <translation>New case</translation>
    </message>
    <message>
      <source>新清单（未保存）</source>
      <translation>New catalogue (not saved)</translation>
    </message>
    <message>
      <source>新记录</source>
      <translation>New record</translation>
    </message>
    <message>
      <source>方位角</source>
      <translation>Azimuth</translation>
    </message>
    <message>
      <source>方位角 {}°</source>
      <translation>azimuth {}°</translation>
    </message>
    <message>
      <source>方位角基准</source>
      <translation>Azimuth reference</translation>
    </message>
    <message>
      <source>方位角（°）</source>
      <translation>Azimuth (°)</translation>
    </message>
    <message>
      <source>旋转 R</source>
      <translation>Turn R</translation>
    </message>
    <message>
      <source>无</source>
      <translation>none</translation>
    </message>
    <message>
      <source>无地类</source>
      <translation>unsurveyed</translation>
    </message>
    <message>
      <source>无批、无供记录</source>
      <translation>No approval and no supply on record</translation>
    </message>
    <message>
      <source>无文号块数</source>
      <translation>– pieces without number</translation>
    </message>
    <message>
      <source>无方位角</source>
      <translation>no azimuth</translation>
    </message>
    <message>
      <source>无日期块数</source>
      <translation>– pieces without date</translation>
    </message>
    <message>
      <source>无法复制文件：{}</source>
      <translation>The file cannot be copied: {}</translation>
    </message>
    <message>
      <source>无法显示：{}</source>
      <translation>Cannot be shown: {}</translation>
    </message>
    <message>
      <source>无法比较影像</source>
      <translation>The images cannot be compared</translation>
    </message>
    <message>
      <source>无照片</source>
      <translation>no photo</translation>
    </message>
    <message>
      <source>无终止日期块数</source>
      <translation>– pieces without end</translation>
    </message>
    <message>
      <source>无证开采</source>
      <translation>Mining without licence</translation>
    </message>
    <message>
      <source>日期</source>
      <translation>Date</translation>
    </message>
    <message>
      <source>日期不明</source>
      <translation>date unknown</translation>
    </message>
    <message>
      <source>日期须为 年-月-日，例如 2023-05-01。</source>
      <translation>Write dates as YYYY-MM-DD, for example 2023-05-01.</translation>
    </message>
    <message>
      <source>旧口径 70%（筛选名单）</source>
      <translation>Former 70 % rule (screening list)</translation>
    </message>
    <message>
      <source>是</source>
      <translation>yes</translation>
    </message>
    <message>
      <source>是否认定设施</source>
      <translation>confirmed as facility</translation>
    </message>
    <message>
      <source>是拟拆分地块</source>
      <translation>is a proposed part</translation>
    </message>
    <message>
      <source>是：经办与复核须为两人</source>
      <translation>Yes: decision and review by two persons</translation>
    </message>
    <message>
      <source>显示 {}　逾期 {}</source>
      <translation>shown {}　overdue {}</translation>
    </message>
    <message>
      <source>更改文件夹…</source>
      <translation>Change folder…</translation>
    </message>
    <message>
      <source>更早的影像都没有</source>
      <translation>no earlier image</translation>
    </message>
    <message>
      <source>最低版本</source>
      <translation>Lowest version</translation>
    </message>
    <message>
      <source>最早日期</source>
      <translation>– earliest date</translation>
    </message>
    <message>
      <source>最早终止日期</source>
      <translation>– earliest end</translation>
    </message>
    <message>
      <source>最晚日期</source>
      <translation>– latest date</translation>
    </message>
    <message>
      <source>最简单的办法是安装 QGIS {complete} 或更新版本，Windows 安装包自带全部组件，装好插件即可使用。</source>
      <translation>The simplest way is QGIS {complete} or newer: its Windows installer brings all packages, and the plugin works as soon as it is installed.</translation>
    </message>
    <message>
      <source>最近的工作库：</source>
      <translation>Recent workspaces:</translation>
    </message>
    <message>
      <source>最近的日志（已去除路径、编号、地名和姓名）：</source>
      <translation>Last lines of the log (without paths, numbers, places and names):</translation>
    </message>
    <message>
      <source>最长期限</source>
      <translation>– longest term</translation>
    </message>
    <message>
      <source>月清</source>
      <translation>monthly</translation>
    </message>
    <message>
      <source>有 {} 个图斑的编号在成果文件夹的工作库中已用于另一处土地（{}），不能承接那里的判定。怎么办？</source>
      <translation>The numbers of {} parcels stand for other land in the working area of the results folder ({}); its decisions must not pass to them. What shall become of them?</translation>
    </message>
    <message>
      <source>有效期不明</source>
      <translation>Term unknown</translation>
    </message>
    <message>
      <source>有效期内的临时用地全部覆盖</source>
      <translation>Temporary land within its term covers all of it</translation>
    </message>
    <message>
      <source>有未签署的填写</source>
      <translation>typed and not signed</translation>
    </message>
    <message>
      <source>有草稿</source>
      <translation>With draft</translation>
    </message>
    <message>
      <source>服务器上的工作库（PostgreSQL + PostGIS），几个人同时使用</source>
      <translation>A workspace on a server (PostgreSQL + PostGIS), used by several people at once</translation>
    </message>
    <message>
      <source>朝向偏差 {}°</source>
      <translation>off by {}°</translation>
    </message>
    <message>
      <source>期限</source>
      <translation>Due</translation>
    </message>
    <message>
      <source>期限（月）</source>
      <translation>Due (month)</translation>
    </message>
    <message>
      <source>未供即用</source>
      <translation>Used before supply</translation>
    </message>
    <message>
      <source>未供面积</source>
      <translation>area not supplied</translation>
    </message>
    <message>
      <source>未利用地</source>
      <translation>unused land</translation>
    </message>
    <message>
      <source>未利用地上的光伏，有不占用地表的证明</source>
      <translation>Photovoltaics on unused land, proved not to take the surface</translation>
    </message>
    <message>
      <source>未加载批文图层</source>
      <translation>Approval layers not loaded</translation>
    </message>
    <message>
      <source>未加载批文图层，或未能量算</source>
      <translation>Approval layers not loaded, or not measured</translation>
    </message>
    <message>
      <source>未加载采矿权图层，或未能量算</source>
      <translation>Mining rights not loaded, or not measured</translation>
    </message>
    <message>
      <source>未完成：原因见下。</source>
      <translation>Not finished: see below.</translation>
    </message>
    <message>
      <source>未批与已批范围</source>
      <translation>Approved and unapproved extent</translation>
    </message>
    <message>
      <source>未批块数</source>
      <translation>unapproved pieces</translation>
    </message>
    <message>
      <source>未批块最大宽度</source>
      <translation>largest width of an unapproved piece</translation>
    </message>
    <message>
      <source>未批块紧凑度</source>
      <translation>compactness of unapproved pieces</translation>
    </message>
    <message>
      <source>未批未供</source>
      <translation>Neither approved nor supplied</translation>
    </message>
    <message>
      <source>未批永久基本农田</source>
      <translation>unapproved permanent basic farmland</translation>
    </message>
    <message>
      <source>未批生态保护红线</source>
      <translation>unapproved ecological red line</translation>
    </message>
    <message>
      <source>未批耕地</source>
      <translation>unapproved farmland</translation>
    </message>
    <message>
      <source>未批面积</source>
      <translation>unapproved area</translation>
    </message>
    <message>
      <source>未批面积未能量算</source>
      <translation>Unapproved area could not be measured</translation>
    </message>
    <message>
      <source>未报即用</source>
      <translation>Used without application</translation>
    </message>
    <message>
      <source>未挂接</source>
      <translation>not attached</translation>
    </message>
    <message>
      <source>未挂接照片</source>
      <translation>Photos without parcel</translation>
    </message>
    <message>
      <source>未挂接照片…</source>
      <translation>Photos without parcel…</translation>
    </message>
    <message>
      <source>未接收</source>
      <translation>Refused</translation>
    </message>
    <message>
      <source>未提供图层：{}</source>
      <translation>Layers not given: {}</translation>
    </message>
    <message>
      <source>未提报</source>
      <translation>not decided</translation>
    </message>
    <message>
      <source>未改变原地类的光伏</source>
      <translation>Photovoltaics without change of land class</translation>
    </message>
    <message>
      <source>未用字段：</source>
      <translation>Fields not used: </translation>
    </message>
    <message>
      <source>未纳入国家公路网的说明</source>
      <translation>statement that the road is not in the national network</translation>
    </message>
    <message>
      <source>未见</source>
      <translation>not seen</translation>
    </message>
    <message>
      <source>未见合法依据</source>
      <translation>No lawful basis found</translation>
    </message>
    <message>
      <source>未见有效采矿权</source>
      <translation>No valid mining right found</translation>
    </message>
    <message>
      <source>未设置</source>
      <translation>Not set</translation>
    </message>
    <message>
      <source>未销号</source>
      <translation>open</translation>
    </message>
    <message>
      <source>本单位</source>
      <translation>the office's</translation>
    </message>
    <message>
      <source>本单位的表样放在：{}</source>
      <translation>The office's own forms lie in: {}</translation>
    </message>
    <message>
      <source>本单位，未编入卷宗</source>
      <translation>the office's, in no package</translation>
    </message>
    <message>
      <source>本县文件</source>
      <translation>Files</translation>
    </message>
    <message>
      <source>本县自己的规则、表样和对照所在的文件夹；留空则用随插件的数据。</source>
      <translation>The folder with the county's own rules, forms and mappings; blank: what comes with the plugin.</translation>
    </message>
    <message>
      <source>本县自有</source>
      <translation>the county's own</translation>
    </message>
    <message>
      <source>本县设置</source>
      <translation>county settings</translation>
    </message>
    <message>
      <source>本县设置.zip</source>
      <translation>county-settings.zip</translation>
    </message>
    <message>
      <source>本县设置中的文件</source>
      <translation>Files of the county</translation>
    </message>
    <message>
      <source>本县设置文件夹</source>
      <translation>Folder of county settings</translation>
    </message>
    <message>
      <source>本县设置文件夹（空为随插件的数据）</source>
      <translation>Folder of the county's own settings (blank = the shipped data)</translation>
    </message>
    <message>
      <source>本县设置：{}</source>
      <translation>County settings: {}</translation>
    </message>
    <message>
      <source>本库</source>
      <translation>Workspace</translation>
    </message>
    <message>
      <source>本库为空，未填入</source>
      <translation>blank in the workspace; not filled in</translation>
    </message>
    <message>
      <source>本库没有这个图斑</source>
      <translation>the workspace does not have this parcel</translation>
    </message>
    <message>
      <source>本机 {}</source>
      <translation>here {}</translation>
    </message>
    <message>
      <source>本机版本</source>
      <translation>Version here</translation>
    </message>
    <message>
      <source>本机的 QGIS 不缺组件包中的任何组件，没有安装。</source>
      <translation>This QGIS lacks none of the packages in the zip; nothing was installed.</translation>
    </message>
    <message>
      <source>机关</source>
      <translation>Authority</translation>
    </message>
    <message>
      <source>材料</source>
      <translation>Paper</translation>
    </message>
    <message>
      <source>村</source>
      <translation>Village</translation>
    </message>
    <message>
      <source>村（居）</source>
      <translation>Village</translation>
    </message>
    <message>
      <source>来源</source>
      <translation>Source</translation>
    </message>
    <message>
      <source>来源：</source>
      <translation>Source: </translation>
    </message>
    <message>
      <source>查处</source>
      <translation>Enforcement</translation>
    </message>
    <message>
      <source>查处…</source>
      <translation>Enforcement…</translation>
    </message>
    <message>
      <source>查找编号、乡镇、类型…</source>
      <translation>Find number, township, type…</translation>
    </message>
    <message>
      <source>查看检查报告</source>
      <translation>Show the report</translation>
    </message>
    <message>
      <source>标记</source>
      <translation>flags</translation>
    </message>
    <message>
      <source>标记首见</source>
      <translation>Mark first seen</translation>
    </message>
    <message>
      <source>标题</source>
      <translation>Title</translation>
    </message>
    <message>
      <source>栏目</source>
      <translation>Column</translation>
    </message>
    <message>
      <source>核实认定意见</source>
      <translation>verified category</translation>
    </message>
    <message>
      <source>核对</source>
      <translation>Check</translation>
    </message>
    <message>
      <source>核查</source>
      <translation>verification</translation>
    </message>
    <message>
      <source>案件</source>
      <translation>Case</translation>
    </message>
    <message>
      <source>案件名称</source>
      <translation>Name of the case</translation>
    </message>
    <message>
      <source>案件移送书</source>
      <translation>Letter of transfer</translation>
    </message>
    <message>
      <source>检查</source>
      <translation>Check</translation>
    </message>
    <message>
      <source>检查 {} 个图层：可用 {}，需要注意 {}，不能用 {}。</source>
      <translation>{} layers checked: {} good, {} to look at, {} of no use.</translation>
    </message>
    <message>
      <source>检查工作库是否损坏（勾选「完整检查」则逐页核对，并核对操作记录与各表）。已损坏时，用「…-备份」文件夹中最新的完好副本恢复为旁边的新文件「…-已恢复.gpkg」，并补上损坏文件的操作记录中此后的判定、证明材料、整改等；原文件和副本都不改动。</source>
      <translation>Checks whether a workspace is damaged (with the full check every page, the journal and the tables). A damaged one is restored from the newest sound copy of the folder "…-备份" as a new file "…-已恢复.gpkg" beside it, and what the damaged file's journal holds since - decisions, documents, rectification - is replayed; the file and the copies are left as they are.</translation>
    </message>
    <message>
      <source>检查的</source>
      <translation>Checked</translation>
    </message>
    <message>
      <source>正在复制…</source>
      <translation>Copying…</translation>
    </message>
    <message>
      <source>正在检查…</source>
      <translation>Checking…</translation>
    </message>
    <message>
      <source>正在绘制位置图：{}</source>
      <translation>Drawing the location map: {}</translation>
    </message>
    <message>
      <source>正在试填…</source>
      <translation>Filling…</translation>
    </message>
    <message>
      <source>正在试算…</source>
      <translation>Trying…</translation>
    </message>
    <message>
      <source>正在读取…</source>
      <translation>Reading…</translation>
    </message>
    <message>
      <source>正在读取图层…</source>
      <translation>Reading layers…</translation>
    </message>
    <message>
      <source>正在连接…</source>
      <translation>Connecting…</translation>
    </message>
    <message>
      <source>正在连接影像服务，连接后自动开始对比…</source>
      <translation>Connecting to the imagery service; comparing starts by itself…</translation>
    </message>
    <message>
      <source>此范围没有影像（未覆盖，或影像服务没有应答）</source>
      <translation>no picture here (not covered, or the imagery service does not answer)</translation>
    </message>
    <message>
      <source>每个乡镇一个压缩包</source>
      <translation>one archive for each township</translation>
    </message>
    <message>
      <source>每个图斑一个压缩包</source>
      <translation>one archive for each parcel</translation>
    </message>
    <message>
      <source>每个图斑附历史影像对比图（图层清单中各期影像）</source>
      <translation>A history sheet for every parcel (all dated images of the catalogue)</translation>
    </message>
    <message>
      <source>每次导出后，把操作记录末行的摘要留存到此文件夹（最好放在他人保管处），校验卷宗时核对。空为不留存。</source>
      <translation>After each export the digest of the journal's last row is kept in this folder (best in somebody else's keeping), and compared when packages are verified. Blank: nothing is kept.</translation>
    </message>
    <message>
      <source>比例尺</source>
      <translation>Scale</translation>
    </message>
    <message>
      <source>比较前后时相影像在每个图斑内的差异（配准、色彩匹配后与周边相比），给出 0–1 的变化提示，用于排序和提醒，不作为判定依据；作物收割、阴影、云和影像错位会使数值偏高。填写报表文件夹时另存三联图（前时相、后时相、差异）。</source>
      <translation>Compares both images inside each parcel (registered, colours matched, against the surroundings) and gives a change hint of 0 to 1, to order and to warn by, never to decide by; harvested crops, shadows, clouds and displaced images raise it. With a report folder, a strip of earlier image, later image and difference is kept, too.</translation>
    </message>
    <message>
      <source>水面高架桥</source>
      <translation>Viaduct over water</translation>
    </message>
    <message>
      <source>永久基本农田</source>
      <translation>Permanent basic farmland</translation>
    </message>
    <message>
      <source>没收</source>
      <translation>Confiscated</translation>
    </message>
    <message>
      <source>没有</source>
      <translation>none</translation>
    </message>
    <message>
      <source>没有带方位角的照片</source>
      <translation>no photo with an azimuth</translation>
    </message>
    <message>
      <source>没有建议</source>
      <translation>no proposal</translation>
    </message>
    <message>
      <source>没有改动。</source>
      <translation>Nothing was changed.</translation>
    </message>
    <message>
      <source>没有照片</source>
      <translation>No photos</translation>
    </message>
    <message>
      <source>河北 2026（五类）</source>
      <translation>Hebei 2026 (five classes)</translation>
    </message>
    <message>
      <source>油田用地</source>
      <translation>Oil field</translation>
    </message>
    <message>
      <source>沿轴线宽度</source>
      <translation>width along the axis</translation>
    </message>
    <message>
      <source>沿轴线最大宽度</source>
      <translation>largest width along the axis</translation>
    </message>
    <message>
      <source>海域使用或未利用地手续</source>
      <translation>Procedure for sea or unused land</translation>
    </message>
    <message>
      <source>涉及图斑</source>
      <translation>Parcels</translation>
    </message>
    <message>
      <source>添加</source>
      <translation>Add</translation>
    </message>
    <message>
      <source>添加数据库连接</source>
      <translation>Add a database connection</translation>
    </message>
    <message>
      <source>添加数据库连接…</source>
      <translation>Add database…</translation>
    </message>
    <message>
      <source>添加文件</source>
      <translation>Add files</translation>
    </message>
    <message>
      <source>添加文件…</source>
      <translation>Add files…</translation>
    </message>
    <message>
      <source>添加文件夹…</source>
      <translation>Add folder…</translation>
    </message>
    <message>
      <source>添加文件夹（含 gdb）</source>
      <translation>Add a folder (or gdb)</translation>
    </message>
    <message>
      <source>添加材料</source>
      <translation>Attach documents</translation>
    </message>
    <message>
      <source>添加照片…</source>
      <translation>Add photos…</translation>
    </message>
    <message>
      <source>清单从哪里来，记入退回原因和台账；留空为区级核查。</source>
      <translation>Where the list comes from; it stands in the reason of the return and in the register. Blank: 区级核查.</translation>
    </message>
    <message>
      <source>清单有未保存的更改。保存吗？</source>
      <translation>The catalogue has unsaved changes. Save them?</translation>
    </message>
    <message>
      <source>清单来源（区级核查、重点督导、验收反馈；空为区级核查）</source>
      <translation>Where the list comes from (区级核查, 重点督导, 验收反馈; blank: 区级核查)</translation>
    </message>
    <message>
      <source>清除草稿</source>
      <translation>Clear draft</translation>
    </message>
    <message>
      <source>灾毁地块</source>
      <translation>Land destroyed by disaster</translation>
    </message>
    <message>
      <source>点击缩略图或按 ←→ 时，影像显示在对比的这一半</source>
      <translation>A click on a thumbnail or ←→ shows the image in this half</translation>
    </message>
    <message>
      <source>照片</source>
      <translation>Photos</translation>
    </message>
    <message>
      <source>照片 {} 张，其中带方位角 {} 张</source>
      <translation>{} photos, {} with azimuth</translation>
    </message>
    <message>
      <source>照片已添加，未能挂接的见「未挂接照片」。</source>
      <translation>Photos added; those without a parcel are under “Photos without parcel”.</translation>
    </message>
    <message>
      <source>照片已移除，请先恢复（右键）。</source>
      <translation>The photo has been removed; restore it first (right click).</translation>
    </message>
    <message>
      <source>照片挂接</source>
      <translation>Tie photos</translation>
    </message>
    <message>
      <source>照片数</source>
      <translation>photos</translation>
    </message>
    <message>
      <source>照片文件夹</source>
      <translation>Photo folder</translation>
    </message>
    <message>
      <source>照片文件夹（可空）</source>
      <translation>Folder of photos (optional)</translation>
    </message>
    <message>
      <source>照片文件夹（多个以 ; 分隔）</source>
      <translation>Folders of photos (separated by ;)</translation>
    </message>
    <message>
      <source>照片无法打开：{}</source>
      <translation>The photo cannot be opened: {}</translation>
    </message>
    <message>
      <source>照片用途；整改的前、中、后照片按它计数</source>
      <translation>What the photo shows; rectification counts its photos by it</translation>
    </message>
    <message>
      <source>照片范围（米）</source>
      <translation>Reach of photos (m)</translation>
    </message>
    <message>
      <source>照片（无方位角）</source>
      <translation>Photos (no azimuth)</translation>
    </message>
    <message>
      <source>照片（箭头为方位）</source>
      <translation>Photos (arrow: azimuth)</translation>
    </message>
    <message>
      <source>版本 {}　QGIS {}　许可证 {}</source>
      <translation>Version {}　QGIS {}　licence {}</translation>
    </message>
    <message>
      <source>牵头单位</source>
      <translation>Leading unit</translation>
    </message>
    <message>
      <source>特殊用地</source>
      <translation>Special land</translation>
    </message>
    <message>
      <source>特殊用地待核</source>
      <translation>Special land to be checked</translation>
    </message>
    <message>
      <source>状态</source>
      <translation>State</translation>
    </message>
    <message>
      <source>状态：{}</source>
      <translation>State: {}</translation>
    </message>
    <message>
      <source>环节</source>
      <translation>Step</translation>
    </message>
    <message>
      <source>现在的建议</source>
      <translation>Proposed now</translation>
    </message>
    <message>
      <source>现场勘测笔录</source>
      <translation>Record of the survey on site</translation>
    </message>
    <message>
      <source>现场核查</source>
      <translation>Field verification</translation>
    </message>
    <message>
      <source>现场核查描述</source>
      <translation>Field findings</translation>
    </message>
    <message>
      <source>现场照片</source>
      <translation>site photo</translation>
    </message>
    <message>
      <source>现场照片所在的文件夹，可以有多个，用 ; 分隔；子文件夹也会读取。</source>
      <translation>Folders with site photos, several with ; between them; their subfolders are read as well.</translation>
    </message>
    <message>
      <source>现场照片（带方位角）</source>
      <translation>site photo with azimuth</translation>
    </message>
    <message>
      <source>现状</source>
      <translation>current state</translation>
    </message>
    <message>
      <source>现状为农村宅基地，未见审批</source>
      <translation>Homestead by survey, no approval found</translation>
    </message>
    <message>
      <source>现状为设施农用地，未见备案范围</source>
      <translation>Facility agriculture by survey, no filing found</translation>
    </message>
    <message>
      <source>现状或图层为农村道路，但宽度未知、过窄或触及永久基本农田</source>
      <translation>Rural road by survey or layer, but width unknown, too narrow, or on basic farmland</translation>
    </message>
    <message>
      <source>理由</source>
      <translation>Reason</translation>
    </message>
    <message>
      <source>生态保护红线</source>
      <translation>Ecological redline</translation>
    </message>
    <message>
      <source>生态修复待核</source>
      <translation>Restoration to be checked</translation>
    </message>
    <message>
      <source>生态修复用地</source>
      <translation>Ecological restoration</translation>
    </message>
    <message>
      <source>生成示例县</source>
      <translation>Make the sample county</translation>
    </message>
    <message>
      <source>用地协议</source>
      <translation>land agreement</translation>
    </message>
    <message>
      <source>用地审批占比</source>
      <translation>share of land-use approval</translation>
    </message>
    <message>
      <source>用地审批批准文号</source>
      <translation>number of the land-use approval</translation>
    </message>
    <message>
      <source>用地审批批文按时全部覆盖</source>
      <translation>Approvals given in time cover all of it</translation>
    </message>
    <message>
      <source>用当前图斑试填</source>
      <translation>Try on this parcel</translation>
    </message>
    <message>
      <source>用自己的文件</source>
      <translation>Use an own file</translation>
    </message>
    <message>
      <source>用自己的文件…</source>
      <translation>Use an own file…</translation>
    </message>
    <message>
      <source>用途</source>
      <translation>Role</translation>
    </message>
    <message>
      <source>用途分类</source>
      <translation>use class</translation>
    </message>
    <message>
      <source>用途分类细化</source>
      <translation>Detailed use</translation>
    </message>
    <message>
      <source>田坎</source>
      <translation>field ridges</translation>
    </message>
    <message>
      <source>由工作库生成台账、统计表、期限与任务清单、差错率、验收清单和书面总结，全部以「统计截止日期」为准；每个数字都能查到对应的图斑。多个年度的图斑在同一工作库时，各表只统计一个年度（「年度」）。同时写出台账和两种上报表；给出上级系统回传表时，先接收其审核状态，并列出与本库的差异。</source>
      <translation>Makes registers, statistics, deadlines and task lists, error rates, the acceptance list and the written summary from the workspace, all as of the cut-off date; the parcels behind every figure can be looked up. Where a workspace holds several years, the tables are for one of them (Year). The register and both upload tables are written as well; a table returned by a higher system is taken first, and its differences are listed.</translation>
    </message>
    <message>
      <source>由管理员运行：在服务器上建立核查、复核、查看三种角色，并规定每个登录名可写的乡镇。登录名和密码由管理员事先在数据库中建立，这里不出现密码。勾选「只预览」时只列出将执行的 SQL，可交数据库管理员执行。可重复运行。</source>
      <translation>For the administrator: sets up the roles 核查 (verifier), 复核 (reviewer) and 查看 (reader) on the server, and in which townships each login may write. Logins and passwords are made in the database beforehand; no password appears here. With "preview only" the SQL is listed for the database administrator. May be run again.</translation>
    </message>
    <message>
      <source>申请强制执行</source>
      <translation>Enforcement applied for at court</translation>
    </message>
    <message>
      <source>电力设施</source>
      <translation>Power facilities</translation>
    </message>
    <message>
      <source>留空则用原文件名</source>
      <translation>Blank: the file's own name</translation>
    </message>
    <message>
      <source>疑似违法</source>
      <translation>Suspected illegal</translation>
    </message>
    <message>
      <source>疑难解答</source>
      <translation>Troubleshooting</translation>
    </message>
    <message>
      <source>登记</source>
      <translation>Attach</translation>
    </message>
    <message>
      <source>登记发证</source>
      <translation>Registration</translation>
    </message>
    <message>
      <source>登记整改情况</source>
      <translation>rectification recorded</translation>
    </message>
    <message>
      <source>登记环节</source>
      <translation>Record step</translation>
    </message>
    <message>
      <source>登记证明材料</source>
      <translation>document attached</translation>
    </message>
    <message>
      <source>监测类型</source>
      <translation>type of monitoring</translation>
    </message>
    <message>
      <source>监测级别</source>
      <translation>level of monitoring</translation>
    </message>
    <message>
      <source>监测面积</source>
      <translation>Delivered area</translation>
    </message>
    <message>
      <source>监测面积一列的单位；一般留空，自动识别。</source>
      <translation>The unit of the delivered area; usually blank.</translation>
    </message>
    <message>
      <source>直接服务于河道的水工建筑/涉海用地</source>
      <translation>Hydraulic structures serving a river; sea-related land</translation>
    </message>
    <message>
      <source>相关证明材料</source>
      <translation>related documents</translation>
    </message>
    <message>
      <source>相差 {} 亩</source>
      <translation>differs by {} mu</translation>
    </message>
    <message>
      <source>相当部分原为建设用地，须先核前时相现状</source>
      <translation>A good part was construction land: check the earlier image first</translation>
    </message>
    <message>
      <source>相符</source>
      <translation>holds</translation>
    </message>
    <message>
      <source>省外飞地</source>
      <translation>Enclave of another province</translation>
    </message>
    <message>
      <source>省级</source>
      <translation>province</translation>
    </message>
    <message>
      <source>看大图 V</source>
      <translation>Large V</translation>
    </message>
    <message>
      <source>矢量编码</source>
      <translation>Encoding of vector files</translation>
    </message>
    <message>
      <source>短文件名</source>
      <translation>Short file names</translation>
    </message>
    <message>
      <source>矿产</source>
      <translation>mining</translation>
    </message>
    <message>
      <source>矿产 2023（合法 / 违法 / 伪变化）</source>
      <translation>Minerals 2023 (lawful / illegal / apparent change)</translation>
    </message>
    <message>
      <source>矿山修复待核</source>
      <translation>Mine restoration to be checked</translation>
    </message>
    <message>
      <source>矿山修复治理项目批复</source>
      <translation>approval of the mine restoration project</translation>
    </message>
    <message>
      <source>硬化</source>
      <translation>Hardened ground</translation>
    </message>
    <message>
      <source>确为不同的图斑：按批次改编号后接收（编号-批次）</source>
      <translation>They are other parcels: take them in with the batch behind the number (number-batch)</translation>
    </message>
    <message>
      <source>确定</source>
      <translation>OK</translation>
    </message>
    <message>
      <source>示例值</source>
      <translation>Examples</translation>
    </message>
    <message>
      <source>示例县</source>
      <translation>示例县</translation>
    </message>
    <message>
      <source>示例放在哪个文件夹</source>
      <translation>Folder for the sample</translation>
    </message>
    <message>
      <source>示例是一个虚构的县，数据由程序生成，约一分钟后可以试用全部功能。</source>
      <translation>The sample is an invented county made by the program; after about a minute everything can be tried.</translation>
    </message>
    <message>
      <source>示意图</source>
      <translation>Overview map</translation>
    </message>
    <message>
      <source>移送</source>
      <translation>Transfer</translation>
    </message>
    <message>
      <source>移送机关</source>
      <translation>Transferred to</translation>
    </message>
    <message>
      <source>移除</source>
      <translation>Remove</translation>
    </message>
    <message>
      <source>移除照片</source>
      <translation>Remove the photo</translation>
    </message>
    <message>
      <source>移除环节</source>
      <translation>Remove step</translation>
    </message>
    <message>
      <source>移除证明材料</source>
      <translation>document removed</translation>
    </message>
    <message>
      <source>空为手填</source>
      <translation>Blank: filled by hand</translation>
    </message>
    <message>
      <source>空为默认</source>
      <translation>blank: default</translation>
    </message>
    <message>
      <source>立案</source>
      <translation>Case opened</translation>
    </message>
    <message>
      <source>立案、非立案处理或不处理的书面说明</source>
      <translation>written statement on opening a case or not</translation>
    </message>
    <message>
      <source>立案决定书</source>
      <translation>Decision to open a case</translation>
    </message>
    <message>
      <source>立案查处或整改材料</source>
      <translation>papers of the case or of rectification</translation>
    </message>
    <message>
      <source>第 {} 步，共 {} 步：{}</source>
      <translation>Step {} of {}: {}</translation>
    </message>
    <message>
      <source>筛选队列</source>
      <translation>Filter the queue</translation>
    </message>
    <message>
      <source>签署 {} 个</source>
      <translation>Sign {}</translation>
    </message>
    <message>
      <source>算错的</source>
      <translation>Counted wrong</translation>
    </message>
    <message>
      <source>管理员可用环境变量 WEIPIAN_&lt;名称&gt; 预设这些值，预设优先。</source>
      <translation>An administrator may preset these values by environment variables WEIPIAN_&lt;NAME&gt;; a preset wins.</translation>
    </message>
    <message>
      <source>箭头指真北</source>
      <translation>arrow: true north</translation>
    </message>
    <message>
      <source>米</source>
      <translation>m</translation>
    </message>
    <message>
      <source>类别</source>
      <translation>Kind</translation>
    </message>
    <message>
      <source>类型</source>
      <translation>Type</translation>
    </message>
    <message>
      <source>紧急用地</source>
      <translation>Emergency land</translation>
    </message>
    <message>
      <source>级别</source>
      <translation>level</translation>
    </message>
    <message>
      <source>纪检监察机关</source>
      <translation>Discipline and supervision</translation>
    </message>
    <message>
      <source>纬度</source>
      <translation>latitude</translation>
    </message>
    <message>
      <source>组件</source>
      <translation>Package</translation>
    </message>
    <message>
      <source>组件包</source>
      <translation>Package zip</translation>
    </message>
    <message>
      <source>组件包中的「{}」与插件清单记载的不一致（可能下载不完整，或属于另一版本的插件），没有安装。请重新取得与本插件同版本的组件包。</source>
      <translation>“{}” in the zip is not as the plugin's list says (an incomplete download, or a zip of another version of the plugin); nothing was installed. Get the zip of this version of the plugin again.</translation>
    </message>
    <message>
      <source>组件只放进插件自己的文件夹，不改动 QGIS 和其他插件的组件；不要用 pip 安装。</source>
      <translation>The packages go into the plugin's own folder only; those of QGIS and of other plugins are not touched. Do not install with pip.</translation>
    </message>
    <message>
      <source>组件：</source>
      <translation>Packages:</translation>
    </message>
    <message>
      <source>经办与复核为同一人；单位未设置四眼原则，卷宗按须为两人检查（单位设置）。</source>
      <translation>One person decided and reviewed; the office has not set the four-eyes rule, and packages are checked as if two must judge (office settings).</translation>
    </message>
    <message>
      <source>经办人</source>
      <translation>Case officer</translation>
    </message>
    <message>
      <source>经办人与复核人必须是两个人</source>
      <translation>Case officer and reviewer must be two persons</translation>
    </message>
    <message>
      <source>经办人姓名</source>
      <translation>Name of the officer</translation>
    </message>
    <message>
      <source>经度</source>
      <translation>longitude</translation>
    </message>
    <message>
      <source>经度、纬度</source>
      <translation>Longitude, latitude</translation>
    </message>
    <message>
      <source>经度、纬度须为数字（度）。</source>
      <translation>Longitude and latitude must be numbers (degrees).</translation>
    </message>
    <message>
      <source>结果</source>
      <translation>Result</translation>
    </message>
    <message>
      <source>结果写到（或从中读取）这个文件夹。</source>
      <translation>The folder that results are written to, or read from.</translation>
    </message>
    <message>
      <source>结案</source>
      <translation>Case closed</translation>
    </message>
    <message>
      <source>结案报告</source>
      <translation>Closing report</translation>
    </message>
    <message>
      <source>给每个图斑附上各期影像的对比图；凭影像证明的图斑总是附上。</source>
      <translation>Attach a comparison of all dated images to every parcel; parcels that rest on imagery as proof always get it.</translation>
    </message>
    <message>
      <source>统计图和位置图</source>
      <translation>charts and location maps</translation>
    </message>
    <message>
      <source>统计截止日期（年-月-日，空为今天）</source>
      <translation>As of (year-month-day; blank for today)</translation>
    </message>
    <message>
      <source>统计的年度，例如 2023；留空为截止日期所在的工作年度。</source>
      <translation>The year of the statistics, for example 2023; blank: the working year of that day.</translation>
    </message>
    <message>
      <source>编号</source>
      <translation>Number</translation>
    </message>
    <message>
      <source>编号已用于另一处土地</source>
      <translation>Number in use for other land</translation>
    </message>
    <message>
      <source>编号已用于另一处土地时（rename 按批次改编号；空为不接收并提示）</source>
      <translation>Numbers that stand for other land (rename: put the batch behind the number; blank: refuse and tell)</translation>
    </message>
    <message>
      <source>编号被表格软件改成了数字，已失真</source>
      <translation>a spreadsheet turned the number into a figure and damaged it</translation>
    </message>
    <message>
      <source>编码</source>
      <translation>Encoding</translation>
    </message>
    <message>
      <source>编辑…</source>
      <translation>Edit…</translation>
    </message>
    <message>
      <source>缩放到图斑</source>
      <translation>Zoom to the parcel</translation>
    </message>
    <message>
      <source>缩放到当前图斑（Z）</source>
      <translation>Zoom to the current parcel (Z)</translation>
    </message>
    <message>
      <source>缺 {} 项材料或必填项</source>
      <translation>{} items of evidence or required fields missing</translation>
    </message>
    <message>
      <source>缺{}</source>
      <translation>−{}</translation>
    </message>
    <message>
      <source>缺农转用批文</source>
      <translation>Conversion approval missing</translation>
    </message>
    <message>
      <source>缺少 Python 组件</source>
      <translation>Python packages are missing</translation>
    </message>
    <message>
      <source>缺少 Python 组件：{}。QGIS {} 或更新版本自带全部组件。</source>
      <translation>Python packages are missing: {}. QGIS {} or newer brings all of them.</translation>
    </message>
    <message>
      <source>缺材料</source>
      <translation>Evidence missing</translation>
    </message>
    <message>
      <source>网格</source>
      <translation>Grid</translation>
    </message>
    <message>
      <source>网页报告和 Word 表单</source>
      <translation>web reports and Word forms</translation>
    </message>
    <message>
      <source>罚款 {} 元</source>
      <translation>Fine {} yuan</translation>
    </message>
    <message>
      <source>罚款须为不小于 0 的数：{}</source>
      <translation>The fine must be a number of at least 0: {}</translation>
    </message>
    <message>
      <source>罚款（元）</source>
      <translation>Fine (yuan)</translation>
    </message>
    <message>
      <source>耕地</source>
      <translation>farmland</translation>
    </message>
    <message>
      <source>能证明路宽的带方位角照片</source>
      <translation>photo with azimuth that proves the width</translation>
    </message>
    <message>
      <source>自动</source>
      <translation>Automatic</translation>
    </message>
    <message>
      <source>自动下一个</source>
      <translation>Auto next</translation>
    </message>
    <message>
      <source>自动识别</source>
      <translation>automatic</translation>
    </message>
    <message>
      <source>自动识别不到的字段在这里指出，例如 编号=TBBH; 监测面积=MJ，或指向写好的 yaml 文件。</source>
      <translation>Columns that were not recognised, as title=column with ; between them, or a yaml file.</translation>
    </message>
    <message>
      <source>自动：{}</source>
      <translation>Automatic: {}</translation>
    </message>
    <message>
      <source>自定</source>
      <translation>assumed</translation>
    </message>
    <message>
      <source>自查图斑</source>
      <translation>Parcel found on patrol</translation>
    </message>
    <message>
      <source>自查图斑 {}，请补画范围并套合。</source>
      <translation>Parcel {}: draw its outline and measure it.</translation>
    </message>
    <message>
      <source>若须保留现有的 QGIS：取得组件包 {zip}（与插件同处发布，可用 U 盘拷入），点「选择组件包…」选中它，然后重新打开 QGIS。</source>
      <translation>To keep this QGIS: get the package zip {zip} (published with the plugin; a USB stick will do), press “Choose package zip…” and choose it, then open QGIS again.</translation>
    </message>
    <message>
      <source>草稿</source>
      <translation>Drafts</translation>
    </message>
    <message>
      <source>草稿另行打包（放在「草稿」文件夹，不在移交的压缩包里）</source>
      <translation>Archive drafts apart (in the folder 草稿, not in what is handed over)</translation>
    </message>
    <message>
      <source>草稿（材料不全）</source>
      <translation>draft (incomplete)</translation>
    </message>
    <message>
      <source>落款</source>
      <translation>Signature</translation>
    </message>
    <message>
      <source>蓝线为图斑范围</source>
      <translation>blue line: the parcel</translation>
    </message>
    <message>
      <source>补办手续</source>
      <translation>regularisation</translation>
    </message>
    <message>
      <source>表</source>
      <translation>Form</translation>
    </message>
    <message>
      <source>表样</source>
      <translation>Forms</translation>
    </message>
    <message>
      <source>表样 (*.xlsx *.docx)</source>
      <translation>Forms (*.xlsx *.docx)</translation>
    </message>
    <message>
      <source>表样…</source>
      <translation>Forms…</translation>
    </message>
    <message>
      <source>被拆分</source>
      <translation>split</translation>
    </message>
    <message>
      <source>要素</source>
      <translation>Features</translation>
    </message>
    <message>
      <source>要素数</source>
      <translation>Features</translation>
    </message>
    <message>
      <source>规则</source>
      <translation>Rule</translation>
    </message>
    <message>
      <source>规则、清单和提示文字</source>
      <translation>rules, catalogues and messages</translation>
    </message>
    <message>
      <source>规则方案</source>
      <translation>Profile</translation>
    </message>
    <message>
      <source>解除 A</source>
      <translation>Detach A</translation>
    </message>
    <message>
      <source>解除挂接</source>
      <translation>Photo detached</translation>
    </message>
    <message>
      <source>认不出的列在这里指出，例如 编号=线索号; 问题=说明；对照按版式记在工作库里，下次不用再写。</source>
      <translation>Columns that are not recognised are named here, for example 编号=线索号; 问题=说明; the mapping is kept in the workspace for the layout.</translation>
    </message>
    <message>
      <source>记录</source>
      <translation>Record</translation>
    </message>
    <message>
      <source>许可证</source>
      <translation>licence (许可证)</translation>
    </message>
    <message>
      <source>许可证在后时相前已过期</source>
      <translation>Licence expired before the later image</translation>
    </message>
    <message>
      <source>许可证已过期，延续登记已受理</source>
      <translation>Licence expired, renewal accepted</translation>
    </message>
    <message>
      <source>许可证过期开采</source>
      <translation>Mining on an expired licence</translation>
    </message>
    <message>
      <source>设施农用地</source>
      <translation>Facility agriculture</translation>
    </message>
    <message>
      <source>设施农用地上图入库号</source>
      <translation>register number of the agricultural facility</translation>
    </message>
    <message>
      <source>设施农用地占比</source>
      <translation>share of facility agriculture</translation>
    </message>
    <message>
      <source>设施农用地备案、临时用地、宅基地或修复项目覆盖，但日期不明</source>
      <translation>Covered by a facility filing, temporary land, a homestead or a restoration project, but undated</translation>
    </message>
    <message>
      <source>设施农用地备案按时全部覆盖</source>
      <translation>Filing of facility agriculture in time covers all of it</translation>
    </message>
    <message>
      <source>设施农用地备案编号 / 上图入库号</source>
      <translation>filing or register number of the agricultural facility</translation>
    </message>
    <message>
      <source>设施农用地备案覆盖但触及永久基本农田，或备案无编号</source>
      <translation>Covered by a filing, but on basic farmland, or the filing has no number</translation>
    </message>
    <message>
      <source>设施农用地备案覆盖，但填报为非农用途</source>
      <translation>Covered by a filing, but claimed for non-agricultural use</translation>
    </message>
    <message>
      <source>设施农用地待核</source>
      <translation>Facility agriculture to be checked</translation>
    </message>
    <message>
      <source>设施农用地触及永久基本农田，或备案没有编号、所载用途不符、存有疑点</source>
      <translation>Facility land touches permanent basic farmland, or its record has no number, states another use or is doubtful</translation>
    </message>
    <message>
      <source>设施农用地（扣除已批）</source>
      <translation>facility agriculture (less what is approved)</translation>
    </message>
    <message>
      <source>设施农用地：实地地类 1202，或在上图入库范围内</source>
      <translation>Facility agriculture: class 1202 on the ground, or inside a registered facility</translation>
    </message>
    <message>
      <source>设置…</source>
      <translation>Settings…</translation>
    </message>
    <message>
      <source>设置：</source>
      <translation>Settings:</translation>
    </message>
    <message>
      <source>证据</source>
      <translation>Evidence</translation>
    </message>
    <message>
      <source>证明</source>
      <translation>certificate (证明)</translation>
    </message>
    <message>
      <source>证明宽度不超过 8 米的带方位角照片</source>
      <translation>photo with azimuth proving a width of at most 8 m</translation>
    </message>
    <message>
      <source>证明材料</source>
      <translation>Documents</translation>
    </message>
    <message>
      <source>证明材料…</source>
      <translation>Documents…</translation>
    </message>
    <message>
      <source>诊断信息</source>
      <translation>Diagnosis</translation>
    </message>
    <message>
      <source>诊断信息…</source>
      <translation>Diagnosis…</translation>
    </message>
    <message>
      <source>试点项目（综合整治、工矿废弃地、低丘缓坡）</source>
      <translation>Pilot project</translation>
    </message>
    <message>
      <source>试算影响</source>
      <translation>Try it</translation>
    </message>
    <message>
      <source>询问笔录</source>
      <translation>Record of questioning</translation>
    </message>
    <message>
      <source>该图层没有需要对照的字段。</source>
      <translation>This layer has no fields to map.</translation>
    </message>
    <message>
      <source>该图斑尚无建议，请先运行「合法性判定建议」。</source>
      <translation>This parcel has no proposal yet: run "Propose judgments" first.</translation>
    </message>
    <message>
      <source>该图斑还没有导出卷宗。</source>
      <translation>No package of this parcel has been exported.</translation>
    </message>
    <message>
      <source>该用途按面积量算，图层里没有面</source>
      <translation>This role is measured by area; the layer has no areas</translation>
    </message>
    <message>
      <source>该用途需要矢量图层，这是影像</source>
      <translation>This role needs a vector layer; this is an image</translation>
    </message>
    <message>
      <source>详情</source>
      <translation>Details</translation>
    </message>
    <message>
      <source>说明</source>
      <translation>statement (说明)</translation>
    </message>
    <message>
      <source>请先在左右两半各放一期影像。</source>
      <translation>Put an image into each half first.</translation>
    </message>
    <message>
      <source>请先填写{}姓名，再签署。</source>
      <translation>Enter the name first ({}), then sign.</translation>
    </message>
    <message>
      <source>请先填写经办人。</source>
      <translation>Enter the person first.</translation>
    </message>
    <message>
      <source>请先打开工作库。</source>
      <translation>Open a workspace first.</translation>
    </message>
    <message>
      <source>请先打开工作库并选择图斑。</source>
      <translation>Open a workspace and choose a parcel first.</translation>
    </message>
    <message>
      <source>请先选择核实认定意见：存疑的图斑须由人判定。</source>
      <translation>Choose the category first: a doubtful parcel must be decided by a person.</translation>
    </message>
    <message>
      <source>请先选择首次见到建设的影像。</source>
      <translation>Choose the image on which it is first seen.</translation>
    </message>
    <message>
      <source>请填写材料类型。</source>
      <translation>Enter the kind of document.</translation>
    </message>
    <message>
      <source>请选择卷宗文件夹。</source>
      <translation>Choose the package folder.</translation>
    </message>
    <message>
      <source>请选择回传表。</source>
      <translation>Choose the returned table.</translation>
    </message>
    <message>
      <source>请选择报表文件夹。</source>
      <translation>Choose the report folder.</translation>
    </message>
    <message>
      <source>请选择整改方式。</source>
      <translation>Choose the method of rectification.</translation>
    </message>
    <message>
      <source>请选择用途：{}</source>
      <translation>Choose the role: {}</translation>
    </message>
    <message>
      <source>请选择连接和工作库。</source>
      <translation>Choose a connection and a workspace.</translation>
    </message>
    <message>
      <source>读入上级系统导出的表（xlsx、csv）：图斑状态和审核阶段记入工作库；其他不同之处只列出，不改本库。同时写出台账和统计表。</source>
      <translation>Reads a table exported by the higher system (xlsx, csv): parcel status and review stage go into the workspace; other differences are only listed and the workspace is kept. Registers and statistics are written as well.</translation>
    </message>
    <message>
      <source>读取 gdb、geojson、kml 等数据</source>
      <translation>reading gdb, geojson, kml and the like</translation>
    </message>
    <message>
      <source>读取下发数据（文件夹、shp、zip、gdb、gpkg、txt 等），自动识别编码、坐标系、面积单位和字段，检查几何与编号，写入工作库，并给出入库报告：接收多少、未接收多少、每一个的原因。同一编号再次下发时按规则更新。</source>
      <translation>Reads a delivery (folder, shp, zip, gdb, gpkg, txt …), finds out encoding, CRS, area unit and fields, checks geometry and numbers, writes the workspace and reports how many were accepted and refused, each with its reason. A number that comes again is updated by rule.</translation>
    </message>
    <message>
      <source>读取从手机拷回的外业文件夹，按编号与工作库比较：新增、更新、冲突（室内已改，保留工作库现值）、已回收过；照片经举证检查后挂接，缺失和空文件列名不收。勾选「只预览」时不写入。可重复回收，不会重复登记，也不会覆盖工作库。</source>
      <translation>Reads a field folder as it was copied back from the phone and compares it with the workspace by uuid: new, changed, in conflict (changed in the office meanwhile; the workspace's value is kept), taken before; photos go through the evidence checks, missing and empty ones are rejected by name. With Preview only nothing is written. It can be repeated: nothing is stored twice, and the workspace is never replaced.</translation>
    </message>
    <message>
      <source>读取区级核查、重点督导、验收反馈的问题图斑清单（xlsx、csv，任何版式）：已判定的图斑改为「退回」，写明问题和答复期限；列名认不出时在「列对照」写 编号=…; 问题=…; 意见=…; 期限=…，对照按版式记住。同一清单可重复接收，不会重复登记。</source>
      <translation>Reads a list of problem parcels of the district check, supervision or acceptance (xlsx, csv, any layout): decided parcels become 退回 with the problem and the day to answer by. Where columns are not recognised, write 编号=…; 问题=…; 意见=…; 期限=… under COLUMNS; the mapping is kept for the layout. A list may be taken in again, nothing is recorded twice.</translation>
    </message>
    <message>
      <source>读取照片的位置、方位角和时间，按视线扇形与图斑的关系挂接，检查缺项、指向、距离、时间和重复使用；每张照片都有一行结果和原因。照片逐次累加：再次运行只读取新增照片，以前挂接的照片不会因此消失；照片只复制、不移动、不修改；人工挂接或取消的结果不会被重新计算覆盖。</source>
      <translation>Reads position, azimuth and time of photos and attaches them by their view cones; missing data, direction, distance, time and repeated use are checked, and every photo gets a row with the reason. Photos accumulate: a later run reads only new ones, and earlier ones stay. Photos are copied, never moved or changed; what a person attached or detached is never overwritten.</translation>
    </message>
    <message>
      <source>读取结果</source>
      <translation>What was read</translation>
    </message>
    <message>
      <source>谁是什么角色、可写哪些乡镇，例如 zhangsan=核查:大安街道、朱沱镇; lisi=复核; wangwu=查看。留空只建立角色。</source>
      <translation>Who has which role and may write where, such as zhangsan=核查:大安街道、朱沱镇; lisi=复核; wangwu=查看. Blank only sets up the roles.</translation>
    </message>
    <message>
      <source>责令停止</source>
      <translation>Ordered to stop</translation>
    </message>
    <message>
      <source>责令停止违法行为通知书</source>
      <translation>Order to stop</translation>
    </message>
    <message>
      <source>责任单位</source>
      <translation>Responsible unit</translation>
    </message>
    <message>
      <source>超出批准范围的部分</source>
      <translation>Part beyond the approval</translation>
    </message>
    <message>
      <source>超占用地</source>
      <translation>Beyond the approved area</translation>
    </message>
    <message>
      <source>越界开采</source>
      <translation>Mining beyond the boundary</translation>
    </message>
    <message>
      <source>距图斑 {} m</source>
      <translation>{} m from the parcel</translation>
    </message>
    <message>
      <source>跟随缩放</source>
      <translation>Follow zoom</translation>
    </message>
    <message>
      <source>转为自查图斑</source>
      <translation>Make a parcel of it</translation>
    </message>
    <message>
      <source>转述</source>
      <translation>reported</translation>
    </message>
    <message>
      <source>软件只提出判定建议，不作认定。</source>
      <translation>The software proposes and never states a finding.</translation>
    </message>
    <message>
      <source>输出文件夹</source>
      <translation>Output folder</translation>
    </message>
    <message>
      <source>边坡治理</source>
      <translation>Slope treatment</translation>
    </message>
    <message>
      <source>边报边用</source>
      <translation>Used while applying</translation>
    </message>
    <message>
      <source>边角套合图</source>
      <translation>overlay picture of the sliver</translation>
    </message>
    <message>
      <source>边角待核</source>
      <translation>Sliver to be checked</translation>
    </message>
    <message>
      <source>边角碎块</source>
      <translation>sliver</translation>
    </message>
    <message>
      <source>边角细缝</source>
      <translation>Sliver</translation>
    </message>
    <message>
      <source>迁到（gpkg 文件，或 postgresql:连接名/模式）</source>
      <translation>Move to (gpkg file, or postgresql:connection/schema)</translation>
    </message>
    <message>
      <source>运行日志</source>
      <translation>Log</translation>
    </message>
    <message>
      <source>还有 {} 条</source>
      <translation>{} more</translation>
    </message>
    <message>
      <source>还没有选择</source>
      <translation>not chosen yet</translation>
    </message>
    <message>
      <source>这个数据库里还没有工作库：用「工作库迁移」把文件迁过来，或由管理员建立。</source>
      <translation>This database has no workspace yet: move a file here with "Move workspace", or have the administrator make one.</translation>
    </message>
    <message>
      <source>这个组件包用于 {}，本机是 {here}，没有安装。请选择名称中含 {here} 的组件包。</source>
      <translation>This package zip is for {}, this computer is {here}; nothing was installed. Choose the zip with {here} in its name.</translation>
    </message>
    <message>
      <source>违法</source>
      <translation>Illegal (违法)</translation>
    </message>
    <message>
      <source>连接（密码不写入清单）</source>
      <translation>Connection (passwords are not written into the catalogue)</translation>
    </message>
    <message>
      <source>退回</source>
      <translation>returned</translation>
    </message>
    <message>
      <source>退回与答复</source>
      <translation>Returns and answers</translation>
    </message>
    <message>
      <source>退回机关</source>
      <translation>Returned by</translation>
    </message>
    <message>
      <source>适合窗口 0</source>
      <translation>Fit 0</translation>
    </message>
    <message>
      <source>选中一个图层，这里显示它的字段。</source>
      <translation>Select a layer to see its fields.</translation>
    </message>
    <message>
      <source>选中的图斑都须逐个判定，原因见下。</source>
      <translation>Each of the marked parcels must be decided by itself, for the reasons below.</translation>
    </message>
    <message>
      <source>选好用途后，这里显示字段。</source>
      <translation>Fields appear here once the role is chosen.</translation>
    </message>
    <message>
      <source>选择…</source>
      <translation>Choose…</translation>
    </message>
    <message>
      <source>选择一张照片</source>
      <translation>Choose a photo</translation>
    </message>
    <message>
      <source>选择收到的压缩包、数据文件或文件夹。编码、坐标系、面积单位和字段自动识别，下一页可以核对。</source>
      <translation>Choose the archive, data file or folder you received. Encoding, CRS, unit and fields are found out; the next page shows them for checking.</translation>
    </message>
    <message>
      <source>选择文件…</source>
      <translation>Choose files…</translation>
    </message>
    <message>
      <source>选择日期</source>
      <translation>Choose a date</translation>
    </message>
    <message>
      <source>选择组件包</source>
      <translation>Choose a package zip</translation>
    </message>
    <message>
      <source>选择组件包…</source>
      <translation>Choose package zip…</translation>
    </message>
    <message>
      <source>选择证明材料</source>
      <translation>Choose documents</translation>
    </message>
    <message>
      <source>逐个打开图层清单中的图层，检查要素数、与本县范围的关系、坐标系、无效图形、重叠、日期和字段，并说明缺少什么会使建议缺什么。只读不写；报告写入报表文件夹，未指定时写在图层清单旁的「图层检查」文件夹。</source>
      <translation>Opens every layer of the catalogue, checks features, extent against the county, CRS, invalid shapes, overlaps, dates and fields, and says what the proposals will lack. Nothing is changed; the report goes to the report folder, else to a folder 图层检查 beside the catalogue.</translation>
    </message>
    <message>
      <source>逐乡镇</source>
      <translation>one a township</translation>
    </message>
    <message>
      <source>逐乡镇，草稿另打包</source>
      <translation>by township, drafts apart</translation>
    </message>
    <message>
      <source>逐图斑</source>
      <translation>one a parcel</translation>
    </message>
    <message>
      <source>逐图斑，草稿另打包</source>
      <translation>by parcel, drafts apart</translation>
    </message>
    <message>
      <source>逐页核对整个文件，并核对操作记录与各表；文件大时较慢。</source>
      <translation>Check every page of the file, and the journal against the tables; slow for a large file.</translation>
    </message>
    <message>
      <source>逾期</source>
      <translation>Overdue</translation>
    </message>
    <message>
      <source>逾期和统计按这一天计算；留空为今天。</source>
      <translation>Overdue parcels and statistics as of this day; blank: today.</translation>
    </message>
    <message>
      <source>道路窄于下限</source>
      <translation>Road narrower than the limit</translation>
    </message>
    <message>
      <source>道路超宽或在国家公路网内</source>
      <translation>Road too wide or in the national network</translation>
    </message>
    <message>
      <source>部分在采矿权内，建议拆分后分别判定</source>
      <translation>Partly inside a mining right: split and judge the parts</translation>
    </message>
    <message>
      <source>部分有合法依据，建议拆分后分别判定</source>
      <translation>Part of it has a lawful basis: split and judge the parts</translation>
    </message>
    <message>
      <source>采矿权外余量很小，疑似边角</source>
      <translation>Very little outside the mining right: probably a sliver</translation>
    </message>
    <message>
      <source>采矿权界外的部分</source>
      <translation>Part beyond the mining right</translation>
    </message>
    <message>
      <source>采矿权范围内开采</source>
      <translation>Mining inside the licence</translation>
    </message>
    <message>
      <source>采矿权覆盖但日期不明</source>
      <translation>Covered by a mining right of unknown date</translation>
    </message>
    <message>
      <source>采矿权覆盖但有效期不明</source>
      <translation>Covered by a mining right of unknown term</translation>
    </message>
    <message>
      <source>采矿权覆盖，但记录为注销、吊销、关闭或未批</source>
      <translation>Covered by a mining right recorded as cancelled, revoked, closed or not approved</translation>
    </message>
    <message>
      <source>采矿用地</source>
      <translation>Mining land</translation>
    </message>
    <message>
      <source>采矿用地待核</source>
      <translation>Mining land to be checked</translation>
    </message>
    <message>
      <source>采矿用地无建设用地批准（2023 年起）</source>
      <translation>Mining land without construction approval (from 2023)</translation>
    </message>
    <message>
      <source>采矿用地未经批准</source>
      <translation>Mining land without approval</translation>
    </message>
    <message>
      <source>采矿用地，2023 年以前</source>
      <translation>Mining land, before 2023</translation>
    </message>
    <message>
      <source>采矿许可证号</source>
      <translation>number of the mining licence</translation>
    </message>
    <message>
      <source>采矿许可证（证号、矿种、有效期、范围）</source>
      <translation>mining licence (number, mineral, term, area)</translation>
    </message>
    <message>
      <source>采纳建议或改判（在本表单中按 Enter，或任何位置按 Ctrl+Enter）</source>
      <translation>Accept the proposal or override it (Enter in this form, Ctrl+Enter anywhere)</translation>
    </message>
    <message>
      <source>采购合同</source>
      <translation>purchase contract</translation>
    </message>
    <message>
      <source>重新检查</source>
      <translation>Check again</translation>
    </message>
    <message>
      <source>销号</source>
      <translation>Closing</translation>
    </message>
    <message>
      <source>销号日期</source>
      <translation>Closed on</translation>
    </message>
    <message>
      <source>销号须填销号日期。</source>
      <translation>Closing needs its date.</translation>
    </message>
    <message>
      <source>长宽比</source>
      <translation>elongation</translation>
    </message>
    <message>
      <source>闪烁对比</source>
      <translation>Compare by blinking</translation>
    </message>
    <message>
      <source>问题</source>
      <translation>Mistakes</translation>
    </message>
    <message>
      <source>问题图斑清单（xlsx、csv，任何版式）</source>
      <translation>List of problem parcels (xlsx, csv, any layout)</translation>
    </message>
    <message>
      <source>问题清单 (*.xlsx *.csv)</source>
      <translation>List of problems (*.xlsx *.csv)</translation>
    </message>
    <message>
      <source>阈值</source>
      <translation>Thresholds</translation>
    </message>
    <message>
      <source>队列中显示的 {} 个图斑</source>
      <translation>the {} parcels shown in the queue</translation>
    </message>
    <message>
      <source>队列中没有显示的图斑。</source>
      <translation>The queue shows no parcels.</translation>
    </message>
    <message>
      <source>队列另存为 Excel…</source>
      <translation>Save the queue as Excel…</translation>
    </message>
    <message>
      <source>随插件</source>
      <translation>shipped</translation>
    </message>
    <message>
      <source>随插件的值</source>
      <translation>Shipped value</translation>
    </message>
    <message>
      <source>非农违法</source>
      <translation>Illegal, non-agricultural</translation>
    </message>
    <message>
      <source>非法批地</source>
      <translation>Approved unlawfully</translation>
    </message>
    <message>
      <source>非矿业活动</source>
      <translation>Not a mining activity</translation>
    </message>
    <message>
      <source>非立案处理</source>
      <translation>Dealt with without a case</translation>
    </message>
    <message>
      <source>非立案处理说明</source>
      <translation>Statement on dealing without a case</translation>
    </message>
    <message>
      <source>非粮违法</source>
      <translation>Illegal, non-grain use</translation>
    </message>
    <message>
      <source>非耕农用地</source>
      <translation>other agricultural land</translation>
    </message>
    <message>
      <source>面积相差超过允许值，未改本库</source>
      <translation>the areas differ beyond the tolerance; the workspace is kept</translation>
    </message>
    <message>
      <source>面积须为不小于 0 的数：{}</source>
      <translation>An area is a number not below 0: {}</translation>
    </message>
    <message>
      <source>面积（亩）</source>
      <translation>Area (mu)</translation>
    </message>
    <message>
      <source>项目主体</source>
      <translation>Project owner</translation>
    </message>
    <message>
      <source>项目名称</source>
      <translation>Project</translation>
    </message>
    <message>
      <source>项目名称与填报不同</source>
      <translation>– project differs from the claimed one</translation>
    </message>
    <message>
      <source>首见</source>
      <translation>first seen</translation>
    </message>
    <message>
      <source>验收人</source>
      <translation>Accepted by</translation>
    </message>
    <message>
      <source>验收意见</source>
      <translation>acceptance opinion (验收意见)</translation>
    </message>
    <message>
      <source>验收日期</source>
      <translation>Accepted on</translation>
    </message>
    <message>
      <source>验收面积（亩）</source>
      <translation>Accepted area (mu)</translation>
    </message>
    <message>
      <source>骗取批准</source>
      <translation>Approval obtained by deceit</translation>
    </message>
    <message>
      <source>高速高铁</source>
      <translation>Motorway or high-speed railway</translation>
    </message>
    <message>
      <source>（不打包）</source>
      <translation>(no archive)</translation>
    </message>
    <message>
      <source>（不接收并提示）</source>
      <translation>(reject and say so)</translation>
    </message>
    <message>
      <source>（两时相间）</source>
      <translation>(between the images)</translation>
    </message>
    <message>
      <source>（前时相前）</source>
      <translation>(before the earlier image)</translation>
    </message>
    <message>
      <source>（后时相后）</source>
      <translation>(after the later image)</translation>
    </message>
    <message>
      <source>（已失效）</source>
      <translation>(void)</translation>
    </message>
    <message>
      <source>（已设置）</source>
      <translation>(set)</translation>
    </message>
    <message>
      <source>（已过期）</source>
      <translation>(expired)</translation>
    </message>
    <message>
      <source>（建议 {}%）</source>
      <translation> (proposed, {}%)</translation>
    </message>
    <message>
      <source>（按列名识别）</source>
      <translation>(by its columns)</translation>
    </message>
    <message>
      <source>（按时）</source>
      <translation>(in time)</translation>
    </message>
    <message>
      <source>（无用途）</source>
      <translation>(no purpose)</translation>
    </message>
    <message>
      <source>（日期不明）</source>
      <translation>(date unknown)</translation>
    </message>
    <message>
      <source>（未命名）</source>
      <translation>(no name)</translation>
    </message>
    <message>
      <source>（没有）</source>
      <translation>(none)</translation>
    </message>
    <message>
      <source>（空）</source>
      <translation>(blank)</translation>
    </message>
    <message>
      <source>（缺 {}）</source>
      <translation> ({} missing)</translation>
    </message>
    <message>
      <source>（自动识别）</source>
      <translation>(automatic)</translation>
    </message>
    <message>
      <source>（设置中的规则）</source>
      <translation>(as in the options)</translation>
    </message>
    <message>
      <source>（请选择）</source>
      <translation>(choose)</translation>
    </message>
    <message>
      <source>，{} 个月后的 {} 日前</source>
      <translation>, {} months later by day {}</translation>
    </message>
    <message>
      <source>，与导出后的填写不同</source>
      <translation>, differs from what was entered since the export</translation>
    </message>
    <message>
      <source>，截至 {} 日下发</source>
      <translation>, issued up to day {}</translation>
    </message>
    <message>
      <source>；{} 份已登记过</source>
      <translation>; {} already attached</translation>
    </message>
  </context>
</TS>
